import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import http from 'node:http'
import { join } from 'node:path'
import { bulky, swollen } from '../../fixtures/gateways/bulky.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { relay } from '../../fixtures/gateways/relays/relay.ts'
import { requests } from '../../fixtures/requests.ts'
import { pause } from '../../fixtures/gateways/timer.ts'
import type { ClientReport, Report } from '../../schemas/types.ts'
import { catalogue } from '../../suites/catalogue.ts'
import { judge, judging, type JudgeOptions } from '../../suites/harness/judge/judge.ts'
import type { Exchange } from '../../suites/harness/wire/exchange.ts'
import { judgeOptions } from '../../suites/run/judging.ts'
import { upstreamSeen } from '../../suites/run/upstream-seen.ts'
import { bothSides, everything, tapeOf } from '../../suites/self/proof.ts'
import { addToHistory, readHistory } from '../matrix/history.ts'
import { matrixOf } from '../matrix/matrix.ts'
import { recordOf } from '../matrix/record.ts'
import { matrixRenderings } from '../report/matrix/renderings.ts'
import { matrixOnTerminal, trendOnTerminal } from '../report/matrix/terminal.ts'
import { en } from '../report/words/en.ts'
import { ofProcessor, type Growing } from './growth.ts'
import { node, processorOf } from './programs.ts'
import { here, started, stream } from './taps.ts'

/** What grows. A hundred times of today is had by copies, or else today is the hundredfold. `folder` is for scratch files. */
export async function growing(main: string, folder: string): Promise<readonly Growing[]> {
  const run = await tapeOf(createReference())
  const report = await reportOf(main, folder)
  return [
    {
      what: `judging: exchanges`,
      sizes: [run.length, 10 * run.length, 100 * run.length],
      cost: (size) =>
        ofProcessor(() => {
          const judged = judging(judgeOptions(everything))
          for (let count = 0; count < size; count++) judged.add(unread(run[count % run.length]!))
          judged.verdicts()
        }),
    },
    {
      what: 'judging: bytes of an answer',
      sizes: [80_000, 800_000, 8_000_000],
      cost: async (size) => {
        const tape = (await streamOf(size)).map(unread)
        return ofProcessor(() => judge(tape, judgeOptions(everything)))
      },
    },
    {
      what: 'judging: requirements',
      sizes: [copied.length, 10 * copied.length, 100 * copied.length],
      cost: (size) => {
        const options = withRequirements(size)
        return ofProcessor(() => judge(run.map(unread), options))
      },
    },
    {
      what: 'a run that stands on both sides: arrivals',
      sizes: [24, 240, 2400],
      cost: (size) => ofProcessor(() => runBothSides(size)),
    },
    { what: 'tap: streams at once', sizes: [2, 20, 200], cost: (size) => tapped(main, folder, size) },
    {
      what: 'a matrix: targets',
      sizes: [10, 100, 1000],
      cost: (size) => {
        const placed = Array.from({ length: size }, (_, count) => ({ report: named(report, count), href: null }))
        return ofProcessor(() => {
          const matrix = matrixOf({ placed })
          for (const render of Object.values(matrixRenderings)) render(matrix, en)
          matrixOnTerminal(matrix, en, 100)
        })
      },
    },
    {
      what: 'a history: runs',
      sizes: [100, 1000, 10_000],
      cost: (size) => {
        const own = mkdtempSync(join(folder, 'history-'))
        addToHistory(
          own,
          Array.from({ length: size }, (_, count) => recordOf(dated(report, count))),
        )
        return ofProcessor(() => {
          const { records } = readHistory(own)
          trendOnTerminal(matrixOf({ placed: [{ report, href: null }], records }), en)
        })
      },
    },
    { what: 'the client runner: faults', ...(await clientRuns(main, folder)) },
  ]
}

/** The exchange as if nobody had looked at it: what was read of one is remembered by what came. */
function unread(exchange: Exchange): Exchange {
  return exchange.came.kind === 'answer' ? { ...exchange, came: { ...exchange.came } } : exchange
}

function streamOf(bytes: number): Promise<readonly Exchange[]> {
  const long = bulky.find(({ id }) => id === 'stream/deltas')!
  const fixtures = ['messages/hello:stream']
  return tapeOf(swollen(long, bytes, createReference()), { selection: { ...everything, fixtures } })
}

/** What stands in no need of being the only one of its kind. */
const copied = catalogue.filter((requirement) => 'every' in requirement || 'reads' in requirement)
const others = catalogue.filter((requirement) => 'vouches' in requirement || 'gates' in requirement)

/** Judging by so many requirements: copies under other ids, beside vouchers and gates. */
function withRequirements(count: number): JudgeOptions {
  const copies = Array.from({ length: count }, (_, index) => {
    const requirement = copied[index % copied.length]!
    const copy = Math.floor(index / copied.length)
    return copy === 0 ? requirement : Object.assign({}, requirement, { id: `${requirement.id}-${copy}` })
  })
  const { selected: _, ...options } = judgeOptions(everything)
  return { ...options, catalogue: [...others, ...copies] }
}

/** A run of so many exchanges through the faithful relay, each of which arrives, and is judged from both sides. */
async function runBothSides(exchanges: number): Promise<void> {
  // No names at all would be everything.
  if (exchanges === 0) return
  const names = Array.from({ length: exchanges }, (_, count) => `messages/hello-${count}`)
  const copies = Object.fromEntries(names.map((name) => [name, requests['messages/hello']]))
  const { gateway, ...seen } = upstreamSeen('messages')
  const tape = await tapeOf(relay(gateway), {
    selection: { ...bothSides, fixtures: names },
    fixtures: { ...requests, ...copies },
    behind: { ...seen, url: 'http://upstream.invalid' },
  })
  const { needsOf: _, followedBy: __, isWrong: ___, ...options } = judgeOptions(bothSides)
  judge(tape, options)
}

/** What tap takes for so many streams at once, until it has judged them. */
async function tapped(main: string, folder: string, streams: number): Promise<number> {
  const upstream = await started([here('upstream.mjs')])
  const out = mkdtempSync(join(folder, 'tapped-'))
  const tap = await started([main, 'tap', '--upstream', upstream.url, '--out', out])
  const agent = new http.Agent({ keepAlive: true })
  try {
    const before = await atRest(tap.child.pid)
    await Promise.all(Array.from({ length: streams }, () => stream(tap.url, 'events=2000&pause=0&text=20', agent)))
    return (await atRest(tap.child.pid)) - before
  } finally {
    agent.destroy()
    for (const { child } of [tap, upstream]) {
      const closed = once(child, 'close')
      if (child.kill('SIGKILL')) await closed
    }
  }
}

/** What a process has taken once it takes no more. */
async function atRest(pid: number | undefined): Promise<number> {
  for (let taken = processorOf(pid).itself; ;) {
    await pause(500)
    const now = processorOf(pid).itself
    if (now === taken || Number.isNaN(now)) return now
    taken = now
  }
}

/** The report of a run, to be copied. */
async function reportOf(main: string, folder: string): Promise<Report> {
  const out = join(folder, 'grown')
  await node([main, 'check', '--profile', 'full', '--fault', 'streaming/ends-early', '--out', out], { codes: [1] })
  return JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report
}

/** The report as that of another gateway. */
function named(report: Report, count: number): Report {
  return { ...report, target: { ...report.target, name: `gateway-${count}` } }
}

/** The report as that of an earlier run. */
function dated(report: Report, count: number): Report {
  return { ...report, started: new Date(Date.parse(report.started) - (count + 1) * 86_400_000).toISOString() }
}

/** The runner with a client that asks once, on so many of the faults that its request provokes. */
async function clientRuns(main: string, folder: string): Promise<Pick<Growing, 'sizes' | 'cost'>> {
  const client = async (faults: readonly string[]): Promise<string> => {
    const out = mkdtempSync(join(folder, 'client-'))
    const words = ['client', '--quiet', '--out', out, ...(faults.length > 0 ? ['--faults', faults.join(',')] : [])]
    await node([main, ...words, '--', process.execPath, here('client.mjs')], { codes: [0, 1, 2] })
    return out
  }
  const { tried } = JSON.parse(readFileSync(join(await client([]), 'client.json'), 'utf8')) as ClientReport
  const [idle] = tried.filter(({ state }) => state === 'not-provoked')
  const provoked = tried.filter(({ state }) => state !== 'not-provoked' && state !== 'hangs').map(({ id }) => id)
  return {
    sizes: [1, 10, 100],
    cost: async (size) => {
      const before = processorOf().ended
      await client(size === 0 && idle ? [idle.id] : provoked.slice(0, size))
      return processorOf().ended - before
    },
  }
}
