import { spawn } from 'node:child_process'
import { existsSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { defaultKey, defaultModel } from '../../fixtures/gateways/reference/identity.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { scratch, serving } from '../../suites/self/scratch.ts'

const script = fileURLToPath(new URL('action.sh', import.meta.url))

function act(inputs: Record<string, string>): Promise<{ code: number | null; out: string }> {
  const child = spawn('bash', [script], { env: { PATH: process.env['PATH'] ?? '', ...inputs } })
  let out = ''
  child.stdout.on('data', (data: Buffer) => (out += data))
  child.stderr.on('data', (data: Buffer) => (out += data))
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out })))
}

test('without a gateway it fails, and says which input is missing', async () => {
  const { code, out } = await act({})
  expect(out).toContain('::error title=messages-conformance::No gateway was named')
  expect(code).toBe(2)
})

test('without a key it fails, or skips with a notice where it may', async () => {
  const gateway = { INPUT_BASE_URL: 'http://127.0.0.1:9', INPUT_MODEL: 'm', GATEWAY_API_KEY: '' }
  expect((await act(gateway)).code).toBe(2)
  const skipped = await act({ ...gateway, INPUT_IF_NO_KEY: 'skip' })
  expect(skipped.out).toContain('::notice title=messages-conformance::Skipped')
  expect(skipped.code).toBe(0)
})

test('a gateway is judged, and compared with the last run that passed', async () => {
  const [before, now, files] = [scratch(), scratch(), scratch()]
  const broken = faults.find(({ id }) => id === 'usage/missing')!.over(createReference())
  const inputs = {
    INPUT_MODEL: defaultModel,
    INPUT_PROFILE: 'minimum',
    GATEWAY_API_KEY: defaultKey,
    GITHUB_STEP_SUMMARY: join(files, 'summary.md'),
    GITHUB_OUTPUT: join(files, 'output'),
  }
  const passed = await act({ ...inputs, INPUT_BASE_URL: await serving(createReference()), INPUT_OUT: before })
  expect(passed.out).toContain('This gateway keeps the promises of minimum')
  expect(passed.code).toBe(0)
  expect(existsSync(join(before, 'junit.xml'))).toBe(true)
  const failed = await act({
    ...inputs,
    INPUT_BASE_URL: await serving(broken),
    INPUT_OUT: now,
    INPUT_BASELINE: before,
    GITHUB_ACTIONS: 'true',
  })
  expect(failed.code).toBe(1)
  expect(failed.out).toContain('::error title=usage/shape::')
  expect(readFileSync(join(files, 'summary.md'), 'utf8')).toContain('### Now broken')
  expect(readFileSync(join(files, 'output'), 'utf8')).toBe('exit-code=0\nexit-code=1\n')
})

describe('options', () => {
  const judging = async (options: string, more: Record<string, string> = {}) =>
    act({
      INPUT_BASE_URL: await serving(createReference()),
      INPUT_MODEL: defaultModel,
      GATEWAY_API_KEY: defaultKey,
      INPUT_OUT: join(scratch(), 'out'),
      INPUT_OPTIONS: options,
      ...more,
    })

  test('on several lines are all read, and quotes keep a word together', async () => {
    const seen: (string | null)[] = []
    const reference = createReference()
    const url = await serving((request) => {
      seen.push(request.headers.get('x-team'), request.headers.get('x-none'))
      return reference(request)
    })
    const options = `--only messages/shape\n--header "x-team: green and 'blue'"\n\n  --header 'x-none: $(id) "*"'  --quiet\n`
    const { code, out } = await judging(options, { INPUT_BASE_URL: url })
    expect(out).toContain('1 of')
    expect(new Set(seen)).toEqual(new Set(["green and 'blue'", '$(id) "*"']))
    expect(code).toBe(0)
  })

  test('of blanks are none', async () => {
    expect((await judging(' \n\t\n', { INPUT_PROFILE: 'minimum' })).code).toBe(0)
  })

  test.for<[what: string, options: string, says: string]>([
    ['a quote without an end', '--only "usage', 'The input options has a quote that does not end on its line.'],
    ['what runs no check', '--help', 'No check was carried out'],
    ['what runs no check, behind others', '--strict\n--help', 'No check was carried out'],
  ])('%s is no success', async ([, options, says]) => {
    const output = join(scratch(), 'output')
    // A report of an earlier run must not vouch for this one.
    const earlier = scratch()
    writeFileSync(join(earlier, 'report.json'), '{\n  "complete": true\n}\n')
    utimesSync(join(earlier, 'report.json'), new Date(0), new Date(0))
    const { code, out } = await judging(options, { GITHUB_OUTPUT: output, INPUT_OUT: earlier })
    expect(out).toContain(`::error title=messages-conformance::${says}`)
    expect(readFileSync(output, 'utf8')).toBe('exit-code=2\n')
    expect(code).toBe(2)
  })
})

describe('a baseline', () => {
  const entry = (name: string, baseUrl: string) => ({
    name,
    baseUrl,
    model: defaultModel,
    key: { env: 'ACME_KEY' },
    profile: 'minimum',
  })
  const judged = (targets: readonly object[], out: string, more: Record<string, string> = {}) => {
    const file = join(scratch(), 'targets.json')
    writeFileSync(file, JSON.stringify({ targets }))
    return act({ INPUT_TARGET: file, ACME_KEY: defaultKey, GATEWAY_API_KEY: '', INPUT_OUT: out, ...more })
  }

  test('without a tape cannot be compared with, and fails', async () => {
    const [baseline, out] = [scratch(), scratch()]
    const { code, out: said } = await judged([entry('one', await serving(createReference()))], out, {
      INPUT_BASELINE: baseline,
    })
    expect(said).toContain('This gateway keeps the promises of minimum')
    expect(said).toContain(
      `::error title=messages-conformance::What changed since the baseline ${baseline} cannot be told.`,
    )
    expect(code).toBe(2)
  })

  test('that is not there yet is said, and fails nothing', async () => {
    const baseline = join(scratch(), 'none')
    const { code, out } = await judged([entry('one', await serving(createReference()))], scratch(), {
      INPUT_BASELINE: baseline,
    })
    expect(out).toContain(`::notice title=messages-conformance::There is no baseline ${baseline} yet`)
    expect(code).toBe(0)
  })

  test('that the run would write over is refused', async () => {
    const out = scratch()
    const { code, out: said } = await judged([], out, { INPUT_BASELINE: `${out}/` })
    expect(said).toContain(
      '::error title=messages-conformance::The baseline is the folder that the reports are written to',
    )
    expect(code).toBe(2)
  })

  test('of several targets is compared folder by folder', async () => {
    const [before, now] = [scratch(), scratch()]
    const right = await serving(createReference())
    const wrong = await serving(faults.find(({ id }) => id === 'usage/missing')!.over(createReference()))
    const waived = { waivers: [{ id: 'usage/shape', because: 'known', until: '2099-01-01', intermittent: true }] }
    expect((await judged([entry('one', right), entry('two', right)], before)).code).toBe(0)
    const { code, out } = await judged([entry('one', right), { ...entry('two', wrong), ...waived }], `${now}/`, {
      INPUT_BASELINE: before,
    })
    expect(out).toContain('All 2 targets keep the promises they were asked for.')
    expect(out).toContain('### Now broken')
    expect(code).toBe(1)
  })
})
