import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, test, vi } from 'vitest'
import type { Report } from '../schemas/types.ts'
import { validateReport } from '../schemas/validators.js'
import { catalogue } from '../suites/catalogue.ts'
import { readTape } from '../suites/harness/tape/tape.ts'
import { scratch } from '../suites/self/scratch.ts'
import { runCommand } from './command.ts'
import { renderedFiles } from './report/files.ts'
import { renderings } from './report/renderings.ts'
import { typed } from './typed.ts'

/* What goes wrong on our side, at each layer: one sentence, exit 2, never a stack, and everything written that can be. */

const main = fileURLToPath(new URL('./main.ts', import.meta.url))

afterEach(() => {
  vi.restoreAllMocks()
})

function reportIn(out: string): Report {
  const report: unknown = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))
  if (!validateReport(report)) throw new Error(JSON.stringify(validateReport.errors))
  return report
}

/** The report of a run that ended in an error of ours; every other file says the same. */
function expectError(out: string, sentence: string): Report {
  const report = reportIn(out)
  expect(report).toMatchObject({
    ending: 'error',
    complete: true,
    diagnosis: { kind: 'error' },
    conclusion: { exitCode: 2, conformant: null, reached: null },
  })
  expect(report.diagnosis?.sentence).toContain(sentence)
  expect(report.conclusion.reasons[0]).toContain(sentence)
  return report
}

const boom = new TypeError('boom')
const said = 'by a mistake of this tool: TypeError: boom'

describe('a check that throws', () => {
  const throwing = (id: string): void => {
    const found = catalogue.find((requirement) => requirement.id === id)
    if (!found || !('check' in found)) throw new Error(`No check is called ${id}.`)
    vi.spyOn(found, 'check').mockImplementation(() => {
      throw boom
    })
  }

  test.for(['messages/stop-reason-own', 'tools/same-in-both-modes'])('%s', async (id) => {
    throwing(id)
    const out = scratch()
    const { code, out: printed, err } = await typed(['check', '--out', out])
    expect(code).toBe(2)
    expect(err).toBe('')
    expect(printed).toContain(said)
    expect(printed).not.toMatch(/\n\s+at /)
    const report = expectError(out, said)
    expect(report.verdicts.find((verdict) => verdict.id === id)).toMatchObject({ outcome: 'unjudged', why: 'error' })
    // All else was judged, and said to be.
    expect(report.verdicts.filter(({ outcome }) => outcome === 'holds').length).toBeGreaterThan(80)
    expect(printed).toMatch(/Not proven: \d+ hold, 0 are broken, \d+ were not judged\.\n/)
    const tape = await readTape(join(out, 'tape.jsonl'))
    for await (const exchange of tape.exchanges) expect(exchange.origin).toBe('gathered')
    expect(tape.end()).toMatchObject({ complete: true, footer: { ending: 'error' } })
    expect((await typed(['judge', join(out, 'tape.jsonl')])).code).toBe(2)
  })
})

describe('a rendering that throws', () => {
  test.for(renderedFiles.filter((file) => file !== 'report.json'))('%s: the others are written', async (file) => {
    vi.spyOn(renderings, file).mockImplementation(() => {
      throw boom
    })
    const out = scratch()
    const { code, out: printed } = await typed(['check', '--out', out])
    expect(code).toBe(2)
    expect(printed).toContain(said)
    expectError(out, said)
    expect(readdirSync(out).toSorted()).toEqual(
      ['tape.jsonl', ...renderedFiles.filter((other) => other !== file)].toSorted(),
    )
    for (const other of ['report.html', 'junit.xml', 'summary.md'] as const)
      if (other !== file) expect(readFileSync(join(out, other), 'utf8')).toContain('TypeError: boom')
  })

  test('report.json: said on stderr, where nothing else can say it', async () => {
    vi.spyOn(renderings, 'report.json').mockImplementation(() => {
      throw boom
    })
    const out = scratch()
    const { code, err } = await typed(['check', '--out', out])
    expect(code).toBe(2)
    expect(err).toContain(said)
    expect(readdirSync(out)).not.toContain('report.json')
  })
})

describe('a file that cannot be written', () => {
  test.for(['junit.xml', 'summary.md', 'report.html', 'badge.json'])('%s, on a full disk', async (file) => {
    const out = scratch()
    symlinkSync('/dev/full', join(out, file))
    const { code, out: printed } = await typed(['check', '--out', out])
    expect(code).toBe(2)
    const sentence = `${join(out, file)} cannot be used: the disk is full.`
    expect(printed).toContain(sentence)
    expectError(out, sentence)
  })

  test('the tape, on a full disk: nothing is sent', async () => {
    const out = scratch()
    symlinkSync('/dev/full', join(out, 'tape.jsonl'))
    const { code, err } = await typed(['check', '--out', out])
    expect({ code, err }).toEqual({ code: 2, err: `${join(out, 'tape.jsonl')} cannot be used: the disk is full.\n` })
  })

  test('report.json, on a full disk', async () => {
    const out = scratch()
    symlinkSync('/dev/full', join(out, 'report.json'))
    const { code, err } = await typed(['check', '--out', out])
    expect({ code, err }).toEqual({ code: 2, err: `${join(out, 'report.json')} cannot be used: the disk is full.\n` })
  })

  test('the summary of the job', async () => {
    const out = scratch()
    const { code, err } = await typed(['check', '--out', out], { GITHUB_STEP_SUMMARY: '/dev/full' })
    expect({ code, err }).toEqual({ code: 2, err: 'GITHUB_STEP_SUMMARY cannot be used: the disk is full.\n' })
    expectError(out, 'GITHUB_STEP_SUMMARY cannot be used')
  })

  test('judge, the same', async () => {
    const out = scratch()
    await typed(['check', '--out', out])
    const again = join(out, 'again')
    mkdirSync(again)
    symlinkSync('/dev/full', join(again, 'junit.xml'))
    const { code, out: printed } = await typed(['judge', join(out, 'tape.jsonl'), '--out', again])
    expect(code).toBe(2)
    expect(printed).toContain('junit.xml cannot be used: the disk is full.')
    expectError(again, 'junit.xml cannot be used')
  })
})

describe('a command', () => {
  test.for([
    'check',
    'plan',
    'judge x.jsonl',
    'diff a b',
    'list',
    'explain streaming/ends',
    'mock',
    'convert -',
    'init',
  ])('%s that throws is one sentence', async (line) => {
    let err = ''
    const code = await runCommand(line.split(' '), {
      get environment(): never {
        throw boom
      },
      get width(): never {
        throw boom
      },
      get onTerminal(): never {
        throw boom
      },
      get terminal(): never {
        throw boom
      },
      out: () => {
        throw boom
      },
      print: () => {
        throw boom
      },
      err: (text) => (err += text),
      read: () => Promise.reject(boom),
      ask: null,
      flush: () => Promise.resolve(null),
    })
    expect(code).toBe(2)
    expect(err).toMatch(/^[^\n]+\n$/)
    expect(err).not.toContain('    at ')
  })
})

interface Spawned {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs the command in a process of its own; `close`: its standard output is closed at once. */
function spawned(
  words: readonly string[],
  { close = false, node = [] as readonly string[], shell = '' } = {},
): Promise<Spawned> {
  const argv = ['--import', 'tsx', ...node, main, ...words]
  const child = shell
    ? spawn('sh', ['-c', `"$@" ${shell}`, 'sh', process.execPath, ...argv])
    : spawn(process.execPath, argv)
  if (close) child.stdout.destroy()
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}

describe('a standard output', () => {
  test('that is closed', async () => {
    const { code, err } = await spawned(['list'], { close: true })
    expect({ code, err }).toEqual({ code: 2, err: 'Standard output cannot be used: its reader closed it.\n' })
  })

  test('that is full', async () => {
    const { code, err } = await spawned(['list'], { shell: '> /dev/full' })
    expect({ code, err }).toEqual({ code: 2, err: 'Standard output cannot be used: the disk is full.\n' })
  })

  test.for(['closed', 'full'])('that is %s under a check: the reports say so', async (how) => {
    const out = scratch()
    const { code, err } = await spawned(
      ['check', '--out', out],
      how === 'closed' ? { close: true } : { shell: '> /dev/full' },
    )
    expect(code).toBe(2)
    expect(err).toMatch(/^Standard output cannot be used: [^\n]+\n$/)
    expectError(out, 'Standard output cannot be used')
  })

  test('that makes nobody wait, and is full for now: all of it is said in the end', async () => {
    const said = 'a'.repeat(4_000_000)
    const file = join(scratch(), 'chat.json')
    writeFileSync(file, JSON.stringify({ model: 'm', n: 1, messages: [{ role: 'user', content: said }] }))
    // Whoever opens a stream of Node's on it has it so for everybody, for as long as that process lives.
    const holder = `"$1" -e 'process.stdout.write("held"); setInterval(() => {}, 1e6)' &`
    const script = `${holder} read -r _; "$@"; code=$?; kill $!; exit $code`
    const child = spawn('sh', ['-c', script, 'sh', process.execPath, '--import', 'tsx', main, 'convert', file])
    const code = new Promise((resolve) => child.on('close', resolve))
    const [held] = (await once(child.stdout, 'data')) as [Buffer]
    expect(String(held)).toBe('held')
    child.stdout.pause()
    child.stdin.end('on\n')
    // It has gone on, and nobody has read: what it printed is more than any pipe holds.
    await once(child.stderr, 'data')
    let out = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
    child.stdout.resume()
    expect(await code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ messages: [{ content: said }] })
  })

  test('a standard error that is full changes nothing', async () => {
    const { code, out } = await spawned(['list'], { shell: '2> /dev/full' })
    expect(code).toBe(0)
    expect(out).toContain('streaming/ends')
  })
})

test('what is thrown where nobody waits for it is one sentence, and 2', async () => {
  const path = join(scratch(), 'later.mjs')
  writeFileSync(
    path,
    `const look = setInterval(() => {
       if (process.listenerCount('uncaughtException') === 0) return
       clearInterval(look)
       throw new TypeError('boom')
     }, 5)`,
  )
  const { code, err } = await spawned(['mock'], { node: ['--import', path] })
  expect(code).toBe(2)
  expect(err).toMatch(/^messages-conformance made a mistake of its own[^\n]*TypeError: boom\n$/)
})
