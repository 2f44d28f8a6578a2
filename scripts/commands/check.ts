import { fixtureFacts } from '../../fixtures/facts.ts'
import { join } from 'node:path'
import type { Fault } from '../../fixtures/gateways/fault.ts'
import type { Report, TargetFile } from '../../schemas/types.ts'
import { auths } from '../../schemas/values.ts'
import { whichModel } from '../../suites/run/diagnose.ts'
import { examine, failed, listModels, type Examined } from '../../suites/run/examine.ts'
import { unlimited, usualLimits, type Limits } from '../../suites/harness/gather/limits.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { referenceTarget } from '../../suites/run/reference-target.ts'
import { forTarget, isPart, planFor, type Selection } from '../../suites/run/selection.ts'
import type { Target } from '../../suites/harness/wire/target.ts'
import type { Exchange } from '../../suites/harness/wire/exchange.ts'
import { overHttp } from '../../suites/harness/wire/transport.ts'
import { counted } from '../../suites/harness/wire/counted.ts'
import { redacted } from '../../suites/harness/tape/as-it-came.ts'
import { redactor } from '../../suites/harness/tape/redact.ts'
import { comesUp, type Waiting } from '../../suites/run/wait.ts'
import { secretsIn, secretsOf } from '../../suites/run/secrets.ts'
import { timing } from '../../suites/run/timed.ts'
import { anthropicHint, variablesMeant, whichTarget } from '../../suites/run/which-target.ts'
import { interruptible } from '../interrupt.ts'
import { isLarge } from '../../suites/harness/views/views.ts'
import type { GuardedIo } from '../guarded.ts'
import type { Io } from '../io.ts'
import { besideOf, runBeside, type Beside, type RunningBeside } from '../beside.ts'
import { collectSooner } from '../memory.ts'
import { oneOf, wholeNumber, type Typed } from '../options.ts'
import { openOut, takeOut, type Out } from '../out.ts'
import { foldersOf } from '../places.ts'
import { progressLine } from '../progress.ts'
import { publish } from '../publish.ts'
import { annotations } from '../report/annotations.ts'
import { commandWord } from '../report/again.ts'
import { wordsFor } from '../language.ts'
import type { Words } from '../report/words/en.ts'
import { matrixFiles } from '../report/files.ts'
import { matrixOnTerminal, trendOnTerminal } from '../report/matrix/terminal.ts'
import { identityOf, reportOf } from '../report/report.ts'
import { printable } from '../report/printable.ts'
import { renderRun } from '../report/terminal.ts'
import { placed } from '../placeholders.ts'
import { hrefOf } from '../matrix/found.ts'
import { openHistory, remember } from '../matrix/history.ts'
import { matrixOf } from '../matrix/matrix.ts'
import { clearMatrix, summarizeMatrix, writeMatrix } from '../matrix/written.ts'
import { selectionIn, selectionOf, upstreamTyped } from '../selection.ts'
import { inShard, mostShards, shardMeant, type Shard } from '../shard.ts'
import { fileOf, pairsOf, readTargetFile, targetsOf, variablesNamed, type Meant } from '../target-file.ts'
import { tryStepSummary } from '../try-writing.ts'
import {
  refuseOverwriting,
  refuseSecrets,
  withShown,
  withWaivers,
  writeTargetFile,
  type Learnt,
} from '../write-target.ts'

/** Plan, gather, judge, conclude. Returns the exit code. */
export async function run(typed: Typed, io: GuardedIo): Promise<number> {
  const selection = selectionOf(typed)
  // All that was typed is read before anything is made or sent.
  limitsOf(typed)
  await wordsFor(typed)
  const meant = await meantTargets(typed, io)
  io.withhold((meant ?? []).flatMap(({ target }) => secretsOf(target)))
  for (const option of ['write-target', 'write-waivers'] as const) {
    const { [option]: path, target } = typed.values
    refuseSecrets(path, target, meant?.map((asked) => asked.target) ?? [], `--${option}`)
    refuseOverwriting(path, target, `--${option}`)
  }
  const runs = meant?.map((asked) => ({
    ...asked,
    selection: forTarget(selectionOf(typed, asked.entry && selectionIn(asked.entry)), asked.target),
  }))
  const fault = meant ? undefined : await faultOfReference(typed)
  const folders = runs?.map(({ folder }) => folder) ?? ['']
  const { history } = typed.values
  if (history !== undefined) openHistory(history)
  // What several come to is written there also without --out.
  if (folders.length > 1) tryStepSummary(io.environment)
  const release = takeOut(typed.values.out, folders, io.environment, hasMatrix(folders, typed) ? matrixFiles : [])
  try {
    if (typed.values.out !== undefined) clearMatrix(typed.values.out)
    return await (runs ? judgeTargets(runs, typed, io) : judgeReference(selection, fault, typed, io))
  } finally {
    release()
  }
}

type Faulty = Pick<Fault, 'id' | 'over'>

/** One run of check: whom it judges, by which entry of the target file, what runs beside it meanwhile, and its folder in --out. */
type Asked = {
  readonly target: Target
  readonly entry?: Meant['entry']
  readonly beside: Beside
  readonly folder: string
}

/** Which gateways are meant; null for the built-in reference. */
async function meantTargets(typed: Typed, io: GuardedIo): Promise<readonly Asked[] | null> {
  const { values, lists, words, flags } = typed
  if (values.target !== undefined) {
    for (const name of onlyWithoutFile)
      if (values[name] !== undefined)
        throw new InputError(`--${name} and --target name two things at once: write it into the target file instead.`)
    if (words.length > 0) throw new InputError('check takes options only, and one word is none. See: check --help')
    const file = readTargetFile(values.target)
    io.withhold(secretsIn(variablesNamed(file), io.environment))
    const shard = shardMeant(values.shard, io.environment)
    for (const name of ['write-target', 'write-waivers'] as const)
      if (shard && values[name] !== undefined)
        throw new InputError(`--${name} writes a whole target file, and a shard knows a part of it: leave out --shard.`)
    return askedBy(file, { path: values.target, starts: !flags.has('no-start'), model: values.model, shard }, io)
  }
  if (values.shard !== undefined)
    throw new InputError('--shard deals out the targets of a file; name that too: --target FILE')
  if (flags.has('no-start'))
    throw new InputError('--no-start goes with a target file that says how its gateway is started: --target FILE')
  const meant = {
    baseUrl: values['base-url'],
    model: values.model,
    smallModel: values['small-model'],
    keyEnv: values['key-env'],
    auth: oneOf(typed, 'auth', auths),
    keyHeader: values['key-header'],
    headers: lists.header,
    headersEnv: lists['header-env'],
    apiVersion: values['api-version'],
    allowSelfSigned: flags.has('allow-self-signed'),
    fault: values.fault,
    words,
  }
  io.withhold(secretsIn(variablesMeant(meant), io.environment))
  try {
    const target = whichTarget(meant, io.environment, 'check')
    const upstream = upstreamTyped(typed)
    if (!target && upstream)
      throw new InputError(
        '--upstream-port serves an upstream for a gateway; name that one too: --base-url URL --model NAME',
      )
    if (!target) return null
    return upstream
      ? [{ target: { ...target, upstreamPort: upstream.port }, beside: { upstream }, folder: '' }]
      : [{ target, beside: {}, folder: '' }]
  } catch (error) {
    if (!(error instanceof InputError) || !error.message.startsWith('Which model?')) throw error
    const target = whichTarget({ ...meant, model: 'unnamed' }, io.environment, 'check')
    if (!target) throw error
    const listed = await listModels(target, { ...usualLimits, budget: unlimited, idleTimeout: 10_000 })
    throw new InputError(printable(whichModel(error.message, listed, target)))
  }
}

/** What a target file says of a gateway, and nobody types beside it. */
const onlyWithoutFile = [
  'base-url',
  'key-env',
  'key-header',
  'auth',
  'api-version',
  'small-model',
  'fault',
  'upstream-port',
  'upstream-dialect',
] as const

/** Every gateway and model of a target file that is this shard's, its ports chosen, with the entry as it was written. */
async function askedBy(
  file: TargetFile,
  {
    path,
    starts,
    model,
    shard,
  }: {
    readonly path: string
    readonly starts: boolean
    readonly model: string | undefined
    readonly shard: Shard | null
  },
  io: Io,
): Promise<readonly Asked[]> {
  const written = new Map(file.targets.map((entry) => [entry.name, entry]))
  const whole = pairsOf(file, model)
  const own = shard ? inShard(whole, shard) : whole
  if (shard && own.length === 0)
    throw new InputError(
      `--shard ${shard.index}/${shard.of} has nothing to judge: targets that share a key are one shard's, and ${path} has ${counted(mostShards(whole), 'group')} of those. Deal them out to ${mostShards(whole)} at most.`,
    )
  const meant = targetsOf(await placed(fileOf(own)), io.environment)
  // By its place among all of them, so that a shard writes where the whole would.
  const identities = new Map(own.map((pair, index) => [pair, meant[index] && identityOf(meant[index].target)]))
  const folders = foldersOf(whole.map((pair) => identities.get(pair) ?? { name: pair.entry.name, model: pair.model }))
  return meant.map(({ target, entry }, index) => {
    const beside = besideOf(entry, starts)
    const runsAlone = beside.upstream === undefined && beside.start === undefined
    const folder = whole.length > 1 ? (folders[whole.indexOf(own[index]!)] ?? '') : ''
    return {
      target: runsAlone ? target : { ...target, file: path },
      entry: written.get(entry.name) ?? entry,
      beside,
      folder,
    }
  })
}

/** The fault that the built-in reference is to have, if any. Throws an InputError for what only a gateway can be asked. */
async function faultOfReference(typed: Typed): Promise<Faulty | undefined> {
  for (const name of ['write-target', 'write-waivers', 'wait'] as const)
    if (typed.values[name] !== undefined)
      throw new InputError(`--${name} needs a gateway to go with: check --base-url URL --model NAME`)
  const { fault } = typed.values
  return fault === undefined ? undefined : (await import('../named-gateways.ts')).faultNamed(fault)
}

async function judgeReference(selection: Selection, fault: Faulty | undefined, typed: Typed, io: Io): Promise<number> {
  const hint = anthropicHint(io.environment, commandWord(io.environment))
  if (hint) io.err(`${hint}\n`)
  const { createReference, relayed, serve } = await import('../reference.ts')
  // What a relay does shows from both sides only: then the reference stands behind it as well.
  const passing = fault?.id.startsWith('passage/') ? relayed() : null
  const right = passing?.gateway ?? createReference()
  const server = await serve(fault ? fault.over(right) : right)
  try {
    const target = referenceTarget(server.url, fault?.id)
    // The reference is its own upstream, and fails where it is asked to; that is judged where it is what was asked for.
    const upstream = fault?.id.startsWith('upstream/') ? 'reference' : null
    // What a fault breaks is asked for.
    const compareChat = selection.compareChat === true || fault?.id.startsWith('chat/') === true
    const asked: Selection = { ...selection, upstream, compareChat, ...(passing && { dialect: 'messages' }) }
    const beside: Beside = passing ? { behind: passing.behind } : {}
    const report = await judgeTarget({ target, beside, folder: '' }, asked, typed.values.out, typed, io)
    await conclude([{ report, folder: '' }], 1, typed, io)
    return report.conclusion.exitCode
  } finally {
    await server.close()
  }
}

/** One after the other: nobody wants two runs to compete for one quota. */
async function judgeTargets(
  runs: readonly (Asked & { readonly selection: Selection })[],
  typed: Typed,
  io: Io,
): Promise<number> {
  const learnt: (Learnt & { readonly folder: string })[] = []
  const { out } = typed.values
  for (const { selection, ...asked } of runs) {
    const report = await judgeTarget(asked, selection, out && join(out, asked.folder), typed, io)
    learnt.push({ target: asked.target, entry: asked.entry, report, folder: asked.folder })
    if (report.ending === 'interrupted') break
    if (runs.length > 1) io.out('\n')
  }
  const code = await conclude(learnt, runs.length, typed, io)
  learn(learnt, selectionOf(typed), typed, await wordsFor(typed), io)
  return code
}

/** Whether a run has a matrix besides its reports: of several targets, or of one with its history. */
function hasMatrix(folders: readonly string[], typed: Typed): boolean {
  return folders.some((folder) => folder !== '') || typed.values.history !== undefined
}

/** Remembers what was judged where that was asked for, and lays several targets side by side. Returns the exit code of all of them. */
async function conclude(
  judged: readonly { readonly report: Report; readonly folder: string }[],
  asked: number,
  typed: Typed,
  io: Io,
): Promise<number> {
  const words = await wordsFor(typed)
  const { out, history } = typed.values
  const reports = judged.map(({ report }) => report)
  const remembered = history === undefined ? null : remember(history, reports)
  if (remembered && remembered.strange > 0)
    io.err(`${printable(words.matrix.strange(history ?? '', remembered.strange))}\n`)
  const matrix = matrixOf({
    placed: judged.map(({ report, folder }) => ({ report, href: hrefOf(folder) })),
    records: remembered?.records ?? [],
    left: asked - judged.length,
    interrupted: reports.some(({ ending }) => ending === 'interrupted'),
  })
  const folders = judged.map(({ folder }) => folder)
  if (out !== undefined && hasMatrix(folders, typed)) writeMatrix(out, matrix, words, folders.includes(''))
  if (asked > 1) {
    io.out(matrixOnTerminal(matrix, words, io.width))
    summarizeMatrix(matrix, words, io.environment)
  } else if (history !== undefined) io.out(`\n${trendOnTerminal(matrix, words)}`)
  return asked > 1 ? matrix.conclusion.exitCode : (reports[0]?.conclusion.exitCode ?? 2)
}

/** Writes what was learnt into target files, from runs that were complete. */
function learn(learnt: readonly Learnt[], selection: Selection, typed: Typed, words: Words, io: Io): void {
  const { 'write-target': target, 'write-waivers': waivers } = typed.values
  if (target === undefined && waivers === undefined) return
  if (isPart(selection) || learnt.some(({ report }) => report.ending !== 'complete')) {
    io.err(`${words.nothingWritten}\n`)
    return
  }
  if (target !== undefined) {
    writeTargetFile(target, withShown(learnt))
    io.out(`\n${words.requires(printable(target))}\n`)
  }
  if (waivers !== undefined) {
    const until = new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)
    const relearnt = target === waivers ? withShown(learnt).targets : []
    const from = learnt.map((one) => {
      const entry = relearnt.find(({ name }) => name === one.entry?.name) ?? relearnt[0]
      return entry ? { ...one, entry } : one
    })
    writeTargetFile(waivers, withWaivers(from, until))
    io.out(`\n${words.proposes(printable(waivers), until)}\n`)
  }
}

/** Judges a gateway with all that runs beside it; what cannot be started is an InputError, before anything is sent. */
async function judgeTarget(
  asked: Asked,
  selection: Selection,
  folder: string | undefined,
  typed: Typed,
  io: Io,
): Promise<Report> {
  const interrupt = interruptible()
  const running = await runBeside(asked, io, interrupt.signal).catch((error: unknown) => {
    interrupt.release()
    throw error
  })
  try {
    return await judgeBeside(asked, running, selection, folder, typed, io)
  } finally {
    await running.end()
    interrupt.release()
    if (folder !== undefined) running.keepOutput(folder)
  }
}

async function judgeBeside(
  { target, entry }: Asked,
  running: RunningBeside,
  selection: Selection,
  folder: string | undefined,
  typed: Typed,
  io: Io,
): Promise<Report> {
  const words = await wordsFor(typed)
  const started = new Date()
  const today = started.toISOString().slice(0, 10)
  const out = folder === undefined ? null : openOut(folder, io.environment)
  const tape = out?.tape({ target, selection, started })
  const times = timing()
  const progress = progressLine(target, typed.flags.has('quiet'), words, io)
  const { wait, ...limits } = limitsOf(typed, entry)
  const most = limits.budget.requests - planFor(selection, fixtureFacts).cost.requests
  const record = (look: Exchange): void => tape?.write(look)
  const waited = await waitFor(target, { milliseconds: wait, most, record, signal: running.signal })
  const examined = await examine(
    target,
    selection,
    { ...limits, deadline: limits.deadline - waited.milliseconds },
    {
      record: (exchange) => {
        if (isLarge(exchange)) collectSooner()
        tape?.write(exchange)
        times.add(exchange)
      },
      progress: progress.show,
      ...(running.behind && { behind: running.behind }),
      signal: running.signal,
      today,
    },
  )
  progress.done()
  const { run, failure: unwritten } = ended(withLooks(examined, waited.looks), tape)
  const failure = running.failure() ?? unwritten
  const command = commandWord(io.environment)
  return await publish(
    {
      out,
      reportOf: (later = failure) => {
        const { gathered, outcome, diagnosis } = later === undefined ? run : failed(run, selection, later, today)
        return reportOf({ target: run.target, selection, started, gathered, outcome, diagnosis, timing: times.timed() })
      },
      shown: { target: run.target, selection, command, words },
      print: (report) =>
        acceptedOtherwise(target, run.target, words) +
        renderRun({
          ...{ report, target: run.target, selection, command, words, width: io.width },
          withoutCurl: io.onTerminal && !typed.flags.has('curl'),
        }) +
        (io.environment['GITHUB_ACTIONS'] === 'true' ? annotations(report) : ''),
    },
    io,
  )
}

/** The run, its tape closed; and what stood against that. */
function ended(run: Examined, tape: ReturnType<Out['tape']> | undefined): { run: Examined; failure: unknown } {
  try {
    tape?.end(run.gathered, run.diagnosis)
    return { run, failure: undefined }
  } catch (error) {
    return { run, failure: error }
  }
}

function acceptedOtherwise(asked: Target, examined: Target, words: Words): string {
  if (examined.auth === asked.auth) return ''
  return `${words.acceptedAs(printable(asked.baseUrl), examined.auth)}\n\n`
}

/** Waits for a gateway that is still starting. Returns how many milliseconds and looks it took: they are part of the run. */
async function waitFor(
  target: Target,
  { record, ...waiting }: Omit<Waiting, 'transport' | 'clock'>,
): Promise<{ readonly milliseconds: number; readonly looks: number }> {
  const began = performance.now()
  const transport = overHttp({ ...(target.allowSelfSigned && { allowSelfSigned: true }) })
  const redact = redactor(secretsOf(target))
  let looks = 0
  const looked = (look: Exchange): void => {
    looks++
    record(redacted(look, redact))
  }
  try {
    await comesUp(target.baseUrl, { ...waiting, transport, record: looked })
  } finally {
    transport.close()
  }
  return { milliseconds: performance.now() - began, looks }
}

/** The run with the looks before it among what was sent. */
function withLooks({ gathered, ...run }: Examined, looks: number): Examined {
  const { sent } = gathered
  return { ...run, gathered: { ...gathered, sent: { ...sent, requests: sent.requests + looks } } }
}

/** What bounds a run, and how many milliseconds it waits before: from what was typed, then from a target file. Throws an InputError. */
function limitsOf(typed: Typed, entry?: Meant['entry']): Limits & { readonly wait: number } {
  const seconds = wholeNumber(typed, 'timeout', 1) ?? entry?.timeout
  const patience = usualLimits.totalTimeout / usualLimits.idleTimeout
  const typedDeadline = wholeNumber(typed, 'deadline', 1)
  const deadline = typedDeadline === undefined ? usualLimits.deadline : typedDeadline * 1000
  const wait = wholeNumber(typed, 'wait', 0) ?? entry?.wait ?? 0
  return {
    ...usualLimits,
    wait: Math.min(wait * 1000, deadline),
    idleTimeout: seconds === undefined ? usualLimits.idleTimeout : seconds * 1000,
    // One that trickles is waited for as many times longer as ever.
    totalTimeout: seconds === undefined ? usualLimits.totalTimeout : seconds * 1000 * patience,
    deadline,
    concurrency: wholeNumber(typed, 'concurrency', 1) ?? entry?.concurrency ?? usualLimits.concurrency,
    budget: {
      requests: wholeNumber(typed, 'max-requests', 0) ?? entry?.maxRequests ?? Infinity,
      inputTokens: wholeNumber(typed, 'max-input-tokens', 0) ?? entry?.maxInputTokens ?? Infinity,
      outputTokens: wholeNumber(typed, 'max-output-tokens', 0) ?? entry?.maxOutputTokens ?? Infinity,
    },
  }
}
