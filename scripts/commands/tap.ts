import type { TapeHeader } from '../../schemas/types.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { pipe, type Pipe, type Piped, type PipeOptions } from '../../suites/harness/wire/pipe.ts'
import { isLoopback } from '../../suites/harness/wire/proxy.ts'
import { defaultApiVersion, keyVariable, type Target } from '../../suites/harness/wire/target.ts'
import { ourError } from '../../suites/run/diagnose.ts'
import { secretsOf } from '../../suites/run/secrets.ts'
import { concludeFor } from '../../suites/run/judging.ts'
import { wholeProfile, type Selection } from '../../suites/run/selection.ts'
import { clientOf } from '../../suites/run/tap/client-of.ts'
import { bodyKinds, type TappedEnd } from '../../suites/run/tap/tapping.ts'
import { reachable } from '../../suites/run/sendable.ts'
import { broughtByClients, checkedBaseUrl } from '../../suites/run/which-target.ts'
import type { GuardedIo } from '../guarded.ts'
import { interruptible } from '../interrupt.ts'
import { wordsFor } from '../language.ts'
import { oneOf, wholeNumber, type Typed } from '../options.ts'
import { openOut, takeOut, type Out } from '../out.ts'
import { publish } from '../publish.ts'
import { nothingSent } from '../recorded.ts'
import { commandWord } from '../report/again.ts'
import { printable } from '../report/printable.ts'
import { reportOf } from '../report/report.ts'
import { tappedLine } from '../report/tapped.ts'
import { renderTapped } from '../report/terminal.ts'
import type { Words } from '../report/words/en.ts'
import { selectionOf } from '../selection.ts'
import { judgingThread, type JudgingThread } from '../tap/judging-thread.ts'
import { unheard } from '../unheard.ts'

/** Pipes and judges until it is interrupted, or has taken what it was to take. Returns the exit code. */
export async function run(typed: Typed, io: GuardedIo): Promise<number> {
  const { out: directory } = typed.values
  const target = targetOf(typed, io.environment)
  const selection = selectionOf(typed, wholeProfile('full'))
  const bodies = oneOf(typed, 'bodies', bodyKinds) ?? 'shapes'
  const limits = {
    port: wholeNumber(typed, 'port', 0, 65_535) ?? 0,
    most: wholeNumber(typed, 'requests', 1) ?? Infinity,
    origins: new Set((typed.lists['allow-origin'] ?? []).map(originOf)),
  }
  goesElsewhere(target.baseUrl, limits.port)
  const words = await wordsFor(typed)
  const secrets = secretsOf(target, io.environment)
  io.withhold(secrets)
  const release = takeOut(directory, [''], io.environment, [], 'owner')
  try {
    const out = directory === undefined ? null : openOut(directory, io.environment, 'owner')
    const started = new Date()
    const tape = out && { path: out.tapePath, header: out.header({ target, selection, started }) }
    return await tapped({ target, selection, started, words, out, tape, bodies, secrets, ...limits }, io)
  } finally {
    release()
  }
}

interface ToTap {
  readonly target: Target
  readonly selection: Selection
  readonly started: Date
  readonly words: Words
  readonly out: Out | null
  readonly tape: { readonly path: string; readonly header: TapeHeader } | null
  readonly bodies: (typeof bodyKinds)[number]
  readonly secrets: readonly string[]
  readonly port: number
  readonly most: number
  readonly origins: ReadonlySet<string>
}

async function tapped(tap: ToTap, io: GuardedIo): Promise<number> {
  const { target, selection, words, tape, bodies, secrets, port, most, origins } = tap
  const interrupt = interruptible()
  try {
    const thread = judgingThread({ selection, bodies, secrets, tape }, (line, met) => {
      // A client may say its credential anywhere.
      io.withhold(met)
      io.out(`${tappedLine(line, words)}\n`)
    })
    const line = await listening(
      {
        upstream: target.baseUrl,
        ...(target.allowSelfSigned && { allowSelfSigned: true }),
        environment: io.environment,
        port,
        most,
        origins,
        ended: (piped) => {
          if (!thread.take(piped)) io.out(`${behindLine(piped, words)}\n`)
        },
        turnedAway: once((message) => io.err(`${words.tap.turnedAway(message)}\n`)),
        misspoke: once((how) => io.err(`${words.tap.misspoke(how, line.url)}\n`)),
      },
      thread,
    )
    io.out(`${line.url}\n${words.tap.upstream}  ${printable(target.baseUrl)}\n${words.tap.use(line.url)}\n`)
    const interrupted = new Promise<void>((resolve) =>
      interrupt.signal.addEventListener('abort', () => resolve(), { once: true }),
    )
    try {
      await Promise.race([interrupted, line.done, thread.lost])
    } finally {
      await line.close()
    }
    return await published(tap, await thread.end(), io)
  } finally {
    interrupt.release()
  }
}

/** A pipe that listens; the thread is ended where it cannot. */
async function listening(options: PipeOptions, thread: JudgingThread): Promise<Pipe> {
  try {
    return await pipe(options)
  } catch (error) {
    await thread.end().catch(() => {})
    throw unheard(options.port ?? 0, error)
  }
}

/** Throws an InputError where everything would come back here, and go out again, without an end. */
function goesElsewhere(upstream: string, port: number): void {
  const { hostname, port: there, protocol } = new URL(upstream)
  const isHere = hostname === '0.0.0.0' || (isLoopback(hostname) && hostname !== '[::1]')
  if (isHere && Number(there || (protocol === 'https:' ? 443 : 80)) === port)
    throw new InputError(
      `The upstream ${upstream} is this tap itself: name the gateway by --upstream, and another port by --port.`,
    )
}

/** Says each thing once. */
function once<T extends string>(say: (what: T) => void): (what: T) => void {
  const said = new Set<T>()
  return (what) => {
    if (!said.has(what)) say(what)
    said.add(what)
  }
}

/** Nobody looks at it: nothing but what leads to it is said, and no value that a client chose but its product. */
function behindLine({ number, method, headers, came, took }: Piped, words: Words): string {
  return tappedLine(
    {
      exchange: `tap/${number}`,
      client: clientOf(headers).client,
      method,
      path: '/...',
      stream: false,
      status: came.kind === 'answer' ? came.status : null,
      took,
      verdict: { is: 'not-judged', why: 'behind' },
      unserved: null,
      did: [],
    },
    words,
  )
}

async function published(tap: ToTap, end: TappedEnd, io: GuardedIo): Promise<number> {
  const { selection, started, words, out } = tap
  const { judged, clients, models } = end
  const target = { ...tap.target, model: models.join(', ') || tap.target.model, secrets: end.secrets }
  const today = new Date().toISOString().slice(0, 10)
  const command = commandWord(io.environment)
  const { conclusion } = await publish(
    {
      out,
      reportOf: (failure = judged.failures[0]?.error) => {
        const ending = failure === undefined ? 'recorded' : 'error'
        const diagnosis = failure === undefined ? null : ourError(failure)
        const because = diagnosis ? { because: diagnosis.sentence } : {}
        return reportOf({
          target,
          selection,
          started,
          gathered: { ending, sent: nothingSent },
          outcome: concludeFor(selection, judged, { ending, today, recorded: true, ...because }),
          diagnosis,
          tapped: clients,
        })
      },
      shown: { target, selection, command, words },
      print: (report) => `\n${renderTapped({ report, target, selection, command, words, width: io.width })}`,
    },
    io,
  )
  return conclusion.exitCode
}

/** The gateway behind: nothing of it is known but where it is. Throws an InputError where that was not said, or cannot be. */
function targetOf(typed: Typed, environment: GuardedIo['environment']): Target {
  const { upstream } = typed.values
  if (upstream === undefined)
    throw new InputError('Which gateway? Name the one that everything goes to: tap --upstream https://gateway.example')
  return {
    kind: 'gateway',
    baseUrl: reachable(checkedBaseUrl(upstream, broughtByClients), environment),
    model: 'as asked',
    auth: 'none',
    key: null,
    keyVariable,
    headers: [],
    secrets: [],
    apiVersion: defaultApiVersion,
    ...(typed.flags.has('allow-self-signed') && { allowSelfSigned: true }),
  }
}

/** As a browser names it. */
function originOf(text: string): string {
  if (URL.canParse(text) && /^https?:/i.test(text) && new URL(text).origin === text.replace(/\/$/, '').toLowerCase())
    return new URL(text).origin
  throw new InputError(
    '--allow-origin is written like https://app.example: the scheme, the host, and a port if need be.',
  )
}
