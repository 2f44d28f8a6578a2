import { execFileSync } from 'node:child_process'
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Stream } from '@anthropic-ai/sdk/core/streaming'
import { createParser } from 'eventsource-parser'
import { defaultKey, defaultModel } from '../fixtures/gateways/reference/identity.ts'
import { createReference } from '../fixtures/gateways/reference/reference.ts'
import { serve } from '../fixtures/gateways/serve.ts'
import { slowed } from '../fixtures/gateways/staged.ts'
import { readEventStream } from '../suites/harness/views/event-stream.ts'
import { redactedMark } from '../suites/harness/tape/redact.ts'
import { planFor, wholeProfile } from '../suites/run/selection.ts'
import { profiles } from '../schemas/values.ts'
import { inTurn, node, timed } from './bench/programs.ts'

/* npm run bench: how fast it is, each figure beside what it is compared with, measured in turn in one run. Nothing here is a test. */

const root = fileURLToPath(new URL('..', import.meta.url))
const main = join(root, 'dist/main.js')
const folder = mkdtempSync(join(tmpdir(), 'bench-'))
const key = { GATEWAY_API_KEY: defaultKey }

const rows: [what: string, ours: string, compared: string, ratio: string][] = []
function row(what: string, ours: string, compared: string, ratio: number | null): void {
  rows.push([what, ours, compared, ratio === null ? '' : `${ratio.toFixed(2)}x`])
}
const ms = (milliseconds: number): string => `${Math.round(milliseconds)} ms`

async function startUps(): Promise<void> {
  const commands = ['--help', 'list', 'explain streaming/ends', 'plan']
  const took = await inTurn(15, {
    node: async () => (await node(['-e', '0'])).milliseconds,
    ...Object.fromEntries(
      commands.map((line) => [line, async () => (await node([main, ...line.split(' ')])).milliseconds]),
    ),
    check: async () => (await node([main, 'check'])).milliseconds,
  } as Record<string, () => Promise<number>>)
  const bare = took['node'] ?? Number.NaN
  for (const line of commands)
    row(`${line}, start to exit`, ms(took[line] ?? 0), `node -e 0: ${ms(bare)}`, (took[line] ?? 0) / bare)
  row(
    'check of the built-in reference, start to exit',
    ms(took['check'] ?? 0),
    `node -e 0: ${ms(bare)}`,
    (took['check'] ?? 0) / bare,
  )
}

/** The tape of a whole run. */
async function recordedRun(): Promise<string> {
  const server = await serve(createReference())
  const line = ['check', '--base-url', server.url, '--model', defaultModel, '--profile', 'full', '--out', folder]
  await node([main, ...line], { env: key })
  await server.close()
  return join(folder, 'tape.jsonl')
}

interface SentLine {
  readonly kind: string
  readonly sent: { method: string; path: string; headers: [string, string][]; body: string | null }
}

/** As it was before it was redacted. */
function credential(name: string): string {
  return name === 'authorization' ? `Bearer ${defaultKey}` : defaultKey
}

/** A check of a running mock beside a script that sends the same requests: for all there is, and for the default. */
async function checks(): Promise<void> {
  const bare = join(root, 'scripts/bench/bare.mjs')
  for (const [profile, pace] of [
    ['full', 1],
    ['sdk', 1],
    ['sdk', 0],
  ] as const) {
    const server = await serve(createReference(), { pace })
    const line = [main, 'check', '--base-url', server.url, '--model', defaultModel, '--profile', profile]
    const requests = await requestsOf(line)
    const took = await inTurn(profile === 'full' ? 5 : 11, {
      check: async () => (await node(line, { env: key })).milliseconds,
      bare: async () => (await node([bare, server.url, requests.file, '6'])).milliseconds,
    })
    await server.close()
    row(
      `check --profile ${profile} of a running mock${pace === 0 ? ' that streams without pauses' : ''}, ${requests.count} requests`,
      ms(took.check),
      `bare node:http script, the same requests: ${ms(took.bare)}`,
      took.check / took.bare,
    )
  }
}

/** What a check sends, in a file for the bare script. */
async function requestsOf(line: readonly string[]): Promise<{ file: string; count: number }> {
  const out = join(folder, 'sent')
  await node([...line, '--out', out], { env: key })
  const sent = readFileSync(join(out, 'tape.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((text) => JSON.parse(text) as SentLine)
    .filter(({ kind }) => kind === 'exchange')
    .map(({ sent: { headers, ...rest } }) => ({
      ...rest,
      headers: Object.fromEntries(
        headers.map(([name, value]) => [name, value === redactedMark ? credential(name) : value]),
      ),
    }))
  const file = join(folder, 'requests.json')
  writeFileSync(file, JSON.stringify(sent))
  return { file, count: sent.length }
}

async function slowGateway(): Promise<void> {
  const latency = 300
  const server = await serve(slowed(createReference(), { latency }))
  const line = [main, 'check', '--base-url', server.url, '--model', defaultModel, '--concurrency', '100']
  const took = await inTurn(2, { check: async () => (await node(line, { env: key })).milliseconds })
  await server.close()
  const chain = longestChain() * latency
  row(
    `check of a gateway that takes ${latency} ms, start to exit`,
    ms(took.check),
    `its longest chain of exchanges: ${ms(chain)}`,
    took.check / chain,
  )
}

/** Exchanges that have to wait for each other in the default run, one after the other. */
function longestChain(): number {
  const { steps } = planFor(wholeProfile('sdk'))
  const depth = (name: string, among: typeof steps): number => {
    const step = among.find((other) => other.name === name)
    return step ? 1 + Math.max(0, ...step.dependsOn.map((before) => depth(before, among))) : 0
  }
  const phase = (...phases: (string | undefined)[]): typeof steps =>
    steps.slice(1).filter(({ fixture }) => phases.includes(fixture.phase))
  const longest = (among: typeof steps): number => Math.max(0, ...among.map(({ name }) => depth(name, among)))
  return (
    1 +
    longest(phase(undefined, 'either')) +
    longest(phase('refused')) +
    phase('upsetting').length +
    phase('again').length
  )
}

/** A tape of at least so many bytes: the exchanges of a run over and over. */
async function longTape(run: string, bytes: number): Promise<string> {
  const [header = '', ...lines] = readFileSync(run, 'utf8').trim().split('\n')
  const exchanges = lines.slice(0, -1)
  const round = `${exchanges.join('\n')}\n`
  const rounds = Math.ceil(bytes / Buffer.byteLength(round))
  const path = join(folder, `${bytes}.jsonl`)
  const file = createWriteStream(path)
  file.write(`${header}\n`)
  for (let count = 0; count < rounds; count++) if (!file.write(round)) await once(file, 'drain')
  const footer = {
    kind: 'footer',
    ending: 'complete',
    sent: { requests: 0, inputTokens: 0, outputTokens: 0 },
    exchanges: exchanges.length * rounds,
    ended: new Date(0).toISOString(),
  }
  file.end(`${JSON.stringify(footer)}\n`)
  await once(file, 'close')
  return path
}

interface AnswerLine {
  readonly came?: { readonly body?: { readonly text?: string }; readonly headers?: readonly [string, string][] }
}

/** The bodies on a tape as the official SDK reads them: events one by one, JSON at once. */
async function readBySdk(path: string): Promise<void> {
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line === '') continue
    const { came } = JSON.parse(line) as AnswerLine
    const body = came?.body?.text
    if (body === undefined) continue
    if (
      !came?.headers?.some(
        ([name, value]) => name.toLowerCase() === 'content-type' && value.startsWith('text/event-stream'),
      )
    ) {
      if (body.startsWith('{')) parsed(body)
      continue
    }
    try {
      for await (const event of Stream.fromSSEResponse(new Response(body), new AbortController())) void event
    } catch {
      // An error event of the run is thrown by the SDK; it has read that far.
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

async function judging(run: string): Promise<void> {
  const small = await longTape(run, 10_000_000)
  const large = await longTape(run, 100_000_000)
  const ten = await node([main, 'judge', small], { peak: true })
  const hundred = await node([main, 'judge', large], { peak: true })
  const parse = await timed(() => {
    for (const line of readFileSync(large, 'utf8').split('\n')) if (line !== '') JSON.parse(line)
  })
  const sdk = await timed(() => readBySdk(large))
  const took = hundred.milliseconds
  row('judging a tape of 100 MB', ms(took), `JSON.parse of its lines: ${ms(parse)}`, took / parse)
  row('', '', `the official SDK reading the same bodies: ${ms(sdk)}`, took / sdk)
  row(
    'peak memory of that',
    `${Math.round(hundred.peak)} MiB`,
    `of judging 10 MB: ${Math.round(ten.peak)} MiB`,
    hundred.peak / ten.peak,
  )
}

async function reader(): Promise<void> {
  const delta = (index: number): string =>
    `event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" word ${index}"}}\n\n`
  const text = Array.from({ length: 100_000 }, (_, index) => delta(index)).join('')
  const megabytes = Buffer.byteLength(text) / 1e6
  const took = await inTurn(7, {
    ours: () => timed(() => readEventStream(text)),
    theirs: () =>
      timed(() => {
        const events: unknown[] = []
        createParser({ onEvent: (event) => events.push(event) }).feed(text)
      }),
  })
  const rate = (milliseconds: number): string => `${Math.round(megabytes / (milliseconds / 1000))} MB/s`
  row('reading an event stream', rate(took.ours), `eventsource-parser: ${rate(took.theirs)}`, took.ours / took.theirs)
}

function prices(): void {
  for (const profile of profiles) {
    const { cost } = planFor(wholeProfile(profile))
    row(
      `requests of ${profile}`,
      `${cost.requests}, ${cost.paidRequests} paid`,
      `at most ${cost.inputTokens} input and ${cost.outputTokens} output tokens`,
      null,
    )
  }
  const { cost } = planFor({ ...wholeProfile('sdk'), quick: true })
  row(
    'requests of --quick',
    `${cost.requests}, ${cost.paidRequests} paid`,
    `at most ${cost.inputTokens} input and ${cost.outputTokens} output tokens`,
    null,
  )
}

try {
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' })
  await startUps()
  await checks()
  await slowGateway()
  await judging(await recordedRun())
  await reader()
  prices()
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((cells) => cells[column as 0 | 1 | 2].length)))
  console.log(`Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}; medians, measured in turn\n`)
  for (const [what, ours, compared, ratio] of rows)
    console.log(
      `${what.padEnd(widths[0] ?? 0)}  ${ours.padStart(widths[1] ?? 0)}  ${compared.padEnd(widths[2] ?? 0)}  ${ratio}`,
    )
} finally {
  rmSync(folder, { recursive: true })
}
