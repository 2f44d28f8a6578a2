import { fixtureFacts } from '../../fixtures/facts.ts'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { defaultKey, defaultModel, upstreamKey } from '../../fixtures/gateways/reference/identity.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { serve } from '../../fixtures/gateways/serve.ts'
import { slowed } from '../../fixtures/gateways/staged.ts'
import { messagesUpstream } from '../../fixtures/gateways/upstreams/messages.ts'
import type { TargetEntry } from '../../schemas/types.ts'
import { redactedMark } from '../../suites/harness/tape/redact.ts'
import { relayProcess } from '../../suites/self/relay-process.ts'
import { planFor, wholeProfile } from '../../suites/run/selection.ts'
import { inTurn, node } from './programs.ts'
import { ms, type Row } from './table.ts'

const key = { GATEWAY_API_KEY: defaultKey }

/** The tape of a whole run, recorded into a folder. */
export async function recordedRun(main: string, folder: string): Promise<string> {
  const server = await serve(createReference())
  const line = ['check', '--base-url', server.url, '--model', defaultModel, '--profile', 'full', '--out', folder]
  await node([main, ...line], { env: key })
  await server.close()
  return join(folder, 'tape.jsonl')
}

/** A check of a running mock beside a script that sends the same requests: for all there is, and for the default. */
export async function checks(main: string, folder: string): Promise<readonly Row[]> {
  const bare = fileURLToPath(new URL('bare.mjs', import.meta.url))
  const rows: Row[] = []
  for (const [profile, pace] of [
    ['full', 1],
    ['sdk', 1],
    ['sdk', 0],
  ] as const) {
    const server = await serve(createReference(), { pace })
    const line = [main, 'check', '--base-url', server.url, '--model', defaultModel, '--profile', profile]
    const requests = await requestsOf(line, folder)
    const took = await inTurn(profile === 'full' ? 5 : 11, {
      check: async () => (await node(line, { env: key })).milliseconds,
      bare: async () => (await node([bare, server.url, requests.file, '6'])).milliseconds,
    })
    await server.close()
    rows.push({
      what: `check --profile ${profile} of a running mock${pace === 0 ? ' that streams without pauses' : ''}, ${requests.count} requests`,
      ours: ms(took.check),
      compared: `bare node:http script, the same requests: ${ms(took.bare)}`,
      ratio: took.check / took.bare,
    })
  }
  return rows
}

/** A check that stands on both sides of the faithful relay, beside one that stands in front of it alone. */
export async function bothSides(main: string, folder: string): Promise<readonly Row[]> {
  const behind = await serve(messagesUpstream(), { pace: 1 })
  const seen = { upstream: { dialect: 'messages', port: 0 } } as const
  const files = {
    both: targetOf(folder, 'both', '{upstream}', seen),
    front: targetOf(folder, 'front', behind.url),
  }
  const check = async (file: string): Promise<number> =>
    (await node([main, 'check', '--target', file], { env: key })).milliseconds
  const took = await inTurn(3, { both: () => check(files.both), front: () => check(files.front) })
  await behind.close()
  return [
    {
      what: 'check --profile full from both sides of the faithful relay, which it starts',
      ours: ms(took.both),
      compared: `from its front alone: ${ms(took.front)}`,
      ratio: took.both / took.front,
    },
  ]
}

/** A target file whose gateway is the relay, in front of what is at `upstream`. */
function targetOf(folder: string, name: string, upstream: string, more: Partial<TargetEntry> = {}): string {
  const file = join(folder, `${name}.json`)
  const target: TargetEntry = {
    name,
    baseUrl: 'http://127.0.0.1:{port}',
    model: defaultModel,
    profile: 'full',
    key: { env: 'GATEWAY_API_KEY' },
    start: { command: [process.execPath, '-e', relayProcess, '{port}', upstream, upstreamKey] },
    ...more,
  }
  writeFileSync(file, JSON.stringify({ targets: [target] }))
  return file
}

interface SentLine {
  readonly kind: string
  readonly sent: { method: string; path: string; headers: [string, string][]; body: string | null }
}

/** What a check sends, in a file for the bare script. */
async function requestsOf(line: readonly string[], folder: string): Promise<{ file: string; count: number }> {
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

/** As it was before it was redacted. */
function credential(name: string): string {
  return name === 'authorization' ? `Bearer ${defaultKey}` : defaultKey
}

/** A check of a gateway that takes its time, beside the least that can take. */
export async function slowGateway(main: string): Promise<readonly Row[]> {
  const latency = 300
  const server = await serve(slowed(createReference(), { latency }))
  const line = [main, 'check', '--base-url', server.url, '--model', defaultModel, '--concurrency', '100']
  const took = await inTurn(2, { check: async () => (await node(line, { env: key })).milliseconds })
  await server.close()
  const chain = longestChain() * latency
  return [
    {
      what: `check of a gateway that takes ${latency} ms, start to exit`,
      ours: ms(took.check),
      compared: `its longest chain of exchanges: ${ms(chain)}`,
      ratio: took.check / chain,
    },
  ]
}

/** Exchanges that have to wait for each other in the default run, one after the other. */
function longestChain(): number {
  const { steps } = planFor(wholeProfile('sdk'), fixtureFacts)
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
