import { fixtureFacts } from '../fixtures/facts.ts'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { alterRequest, errorAnswer } from '../fixtures/gateways/alter.ts'
import type { Gateway } from '../fixtures/gateways/answer.ts'
import { losing } from '../fixtures/gateways/attachments.ts'
import { faults } from '../fixtures/gateways/faults/faults.ts'
import { keyedBy } from '../fixtures/gateways/keyed.ts'
import { defaultKey, defaultModel } from '../fixtures/gateways/reference/identity.ts'
import { createReference } from '../fixtures/gateways/reference/reference.ts'
import type { Report, TargetFile } from '../schemas/types.ts'
import { planFor, wholeProfile } from '../suites/run/selection.ts'
import { scratch, serving } from '../suites/self/scratch.ts'
import { outFiles } from './report/files.ts'
import { typed } from './typed.ts'

const secret = { ACME_KEY: defaultKey }

function broken(id: string): Gateway {
  const found = faults.find((fault) => fault.id === id)
  if (!found) throw new Error(`No fault is named ${id}.`)
  return found.over(createReference())
}

function file(content: unknown): string {
  const path = join(scratch(), 'acme.json')
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const entry = (baseUrl: string, more: object = {}) => ({
  name: 'acme',
  baseUrl,
  model: defaultModel,
  key: { env: 'ACME_KEY' },
  profile: 'minimum',
  ...more,
})

const read = (path: string): TargetFile => JSON.parse(readFileSync(path, 'utf8')) as TargetFile

describe('a target file', () => {
  test('names the gateway, the key by variable, the profile', async () => {
    const path = file({ targets: [entry(await serving())] })
    const { code, out } = await typed(['check', '--target', path], secret)
    expect(out).toContain('This gateway keeps the promises of minimum')
    expect(code).toBe(0)
  })

  test('sends its headers, secret ones too, and shows no secret', async () => {
    const seen: (string | null)[] = []
    const reference = createReference()
    const url = await serving((request) => {
      seen.push(request.headers.get('x-team'), request.headers.get('x-pass'))
      return reference(request)
    })
    const path = file({
      targets: [entry(url, { headers: { 'x-team': 'green', 'x-pass': { env: 'ACME_PASS' } } })],
    })
    const out = join(scratch(), 'out')
    const environment = { ...secret, ACME_PASS: 'pass-that-nobody-may-see' }
    const ran = await typed(['check', '--target', path, '--out', out], environment)
    expect(ran.code).toBe(0)
    expect(new Set(seen)).toEqual(new Set(['green', 'pass-that-nobody-may-see']))
    const written = outFiles.map((name) => readFileSync(join(out, name), 'utf8'))
    expect([ran.out, ran.err, ...written].join('')).not.toContain('pass-that-nobody-may-see')
  })

  test('with several gateways and models is a matrix: a folder each, one table, the worst exit code', async () => {
    const path = file({
      targets: [
        entry(await serving(), { model: undefined, models: [defaultModel, 'claude-reference-small'] }),
        entry(await serving(broken('usage/missing')), { name: 'other' }),
      ],
    })
    const out = scratch()
    const ran = await typed(['check', '--target', path, '--out', out], secret)
    expect(ran.code).toBe(1)
    expect(ran.out).toContain('1 of 3 targets does not keep its promises.')
    expect(ran.out).toMatch(/^acme +claude-reference +0 +minimum +0$/m)
    expect(ran.out).toMatch(/^other +claude-reference +1 +- +\d+$/m)
    for (const name of ['acme-claude-reference', 'acme-claude-reference-small', 'other'])
      expect(existsSync(join(out, name, 'report.json'))).toBe(true)
  })

  test('is not proven as a whole where one gateway could not be asked, unless another is proven broken', async () => {
    const ran = async (gateway: Gateway) => {
      const dead = entry('http://127.0.0.1:9', { name: 'dead' })
      return typed(['check', '--target', file({ targets: [dead, entry(await serving(gateway))] })], secret)
    }
    const kept = await ran(createReference())
    expect(kept.code).toBe(2)
    expect(kept.out).toMatch(/Not proven: not every target could be judged\.\n$/)
    const one = await ran(broken('usage/missing'))
    expect(one.code).toBe(1)
    expect(one.out).toMatch(/1 not proven\n1 of 2 targets does not keep its promises\.\n$/)
  })

  test('looked at in part claims nothing of any', async () => {
    const path = file({
      targets: [entry(await serving()), entry(await serving(), { name: 'other' })],
    })
    const { code, out } = await typed(['check', '--target', path, '--only', 'messages/shape'], secret)
    expect(out).toMatch(/None of 2 targets break something that was looked at: a partial look\.\n$/)
    expect(code).toBe(0)
  })

  test('with requires makes a polite refusal a breach, and with lacks asks for nothing', async () => {
    const reference = createReference()
    const url = await serving(async (request) =>
      (await request.clone().text()).includes('"image"')
        ? errorAnswer(400, 'invalid_request_error', 'no pictures')
        : reference(request),
    )
    const run = (more: object) =>
      typed(['check', '--target', file({ targets: [entry(url, { profile: 'sdk', ...more })] })], secret)
    expect((await run({})).code).toBe(0)
    expect((await run({ requires: ['vision'] })).code).toBe(1)
    expect((await run({ lacks: ['vision'] })).code).toBe(0)
  })

  test('with clientSettings says what Claude Code is to be set to, and asks for nothing else of it', async () => {
    const reference = createReference()
    const url = await serving(async (request) =>
      (await request.clone().text()).includes('"cache_control"')
        ? errorAnswer(400, 'invalid_request_error', 'no caching')
        : reference(request),
    )
    const run = (more: object) =>
      typed(['check', '--target', file({ targets: [entry(url, { profile: 'claude-code', ...more })] })], secret)
    const unset = await run({})
    expect(unset.code).toBe(1)
    expect(unset.out).toMatch(/else set\s+DISABLE_PROMPT_CACHING=1/)
    const { code, out } = await run({ clientSettings: ['DISABLE_PROMPT_CACHING=1'] })
    expect(code).toBe(0)
    expect(out).toMatch(/Claude Code works; for Claude Code, set DISABLE_PROMPT_CACHING=1\.\n$/)
    expect((await run({ clientSettings: ['NO_SUCH=1'] })).code).toBe(2)
  })

  test.for<[what: string, file: object | string, says: RegExp]>([
    [
      'a literal key',
      { targets: [{ ...entry('http://a.example'), key: 'sk-typed-here' }] },
      /\/targets\/0\/key holds a credential/,
    ],
    [
      'a literal credential header',
      { targets: [entry('http://a.example', { headers: { 'X-Api-Key': 'sk-typed-here' } })] },
      /\/targets\/0\/headers\/X-Api-Key holds a credential/,
    ],
    [
      'a key for a variable name',
      { targets: [entry('http://a.example', { key: { env: 'sk-typed-here' } })] },
      /takes the name of an environment variable/,
    ],
    ['no JSON', '{', /acme\.json, line 1, column 2: this is no JSON\./],
    [
      'an unknown property',
      { targets: [entry('http://a.example', { basurl: 1 })] },
      /"basurl", which is not known here/,
    ],
    ['no model', { targets: [entry('http://a.example', { model: undefined })] }, /must have required property 'model'/],
    [
      'two of one name',
      { targets: [entry('http://a.example'), entry('http://b.example')] },
      /two targets are named acme/,
    ],
    [
      'a model that is there twice',
      { targets: [entry('http://a.example', { model: undefined, models: ['m', 'n', 'm'] })] },
      /target acme names one model twice/,
    ],
    [
      'an unset variable',
      { targets: [entry('http://a.example', { key: { env: 'UNSET_KEY' } })] },
      /the variable UNSET_KEY is not set/,
    ],
    ['a Base URL with /v1', { targets: [entry('http://a.example/v1')] }, /should probably be http:\/\/a\.example$/m],
    [
      'a waiver that does not say why',
      { targets: [entry('http://a.example', { waivers: [{ id: 'usage/shape', because: '', until: '2099-01-01' }] })] },
      /\/targets\/0\/waivers\/0\/because is empty/,
    ],
  ])('with %s is refused in one sentence', async ([, content, says]) => {
    const { code, out, err } = await typed(['check', '--target', file(content)], secret)
    expect(err).toMatch(says)
    expect(err.trim().split('\n')).toHaveLength(1)
    expect(err).not.toContain('sk-typed-here')
    expect({ code, out }).toEqual({ code: 2, out: '' })
  })
})

describe('waivers', () => {
  const waiver = { id: 'usage/shape', because: 'known, being mended', until: '2099-01-01' }
  const run = async (gateway: Gateway, waivers: readonly object[]) =>
    typed(['check', '--target', file({ targets: [entry(await serving(gateway), { waivers })] })], secret)

  test('excuse what they name, and say so', async () => {
    const { code, out } = await run(broken('usage/missing'), [waiver])
    expect(out).toContain('✗ MUST usage/shape (waived)')
    expect(code).toBe(0)
  })

  test('fail where they are stale, expired or name nothing', async () => {
    expect((await run(createReference(), [waiver])).out).toContain('is no longer needed')
    expect((await run(broken('usage/missing'), [{ ...waiver, until: '2020-01-01' }])).out).toContain(
      'expired on 2020-01-01',
    )
    const unknown = await run(createReference(), [{ ...waiver, id: 'usage/shap' }])
    expect(unknown.out).toContain('names no requirement')
    expect(unknown.code).toBe(1)
  })

  test('that are intermittent are never stale', async () => {
    expect((await run(createReference(), [{ ...waiver, intermittent: true }])).code).toBe(0)
  })

  test('that end soon are announced', async () => {
    const until = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)
    const { out } = await run(broken('usage/missing'), [{ ...waiver, until }])
    expect(out).toContain(`The waiver for usage/shape ends on ${until}.`)
  })
})

describe('what a run learnt is written into a target file', () => {
  test('--write-target requires tomorrow what was shown today', async () => {
    const path = join(scratch(), 'learnt.json')
    const url = await serving()
    const line = `check --base-url ${url} --model ${defaultModel} --key-env ACME_KEY --write-target ${path}`
    expect((await typed(line, secret)).code).toBe(0)
    const [learnt] = read(path).targets
    expect(learnt?.requires).toContain('tools')
    expect(learnt?.key).toEqual({ env: 'ACME_KEY' })
    expect((await typed(line, secret)).err).toContain('there is such a file already')
    expect((await typed(['check', '--target', path], secret)).code).toBe(0)
  })

  test('a key in a header of its own is written down, and shown again', async () => {
    const path = join(scratch(), 'learnt.json')
    const url = await serving(keyedBy('api-key', createReference()))
    const line = `check --base-url ${url} --model ${defaultModel} --key-env ACME_KEY --key-header api-key --write-target ${path}`
    const { code, out } = await typed(line, secret)
    expect(code).toBe(1)
    expect(out).toContain('- auth/bearer-offered is broken.')
    expect(out).toMatch(/again .*--key-env ACME_KEY --key-header api-key/)
    expect(read(path).targets[0]).toMatchObject({ keyHeader: 'api-key', key: { env: 'ACME_KEY' } })
    expect((await typed(['check', '--target', path], secret)).out).toContain('- auth/bearer-offered is broken.')
  })

  test('--write-target requires nothing that was served and not shown', async () => {
    const path = join(scratch(), 'learnt.json')
    const blind = losing(({ type }) => type === 'image')(
      alterRequest(({ stop_sequences: _, ...body }) => body)(createReference()),
    )
    const url = await serving(blind)
    const line = `check --base-url ${url} --model ${defaultModel} --key-env ACME_KEY --write-target ${path}`
    expect((await typed(line, secret)).code).toBe(1)
    const [learnt] = read(path).targets
    expect(learnt?.requires).toContain('tools')
    expect(learnt?.requires).not.toContain('vision')
    expect(learnt?.requires).not.toContain('stop-sequences')
  })

  test('--write-waivers proposes entries that are refused until they say why', async () => {
    const path = join(scratch(), 'waived.json')
    const url = await serving(broken('usage/missing'))
    const line = `check --base-url ${url} --model ${defaultModel} --key-env ACME_KEY --profile minimum --write-waivers ${path}`
    expect((await typed(line, secret)).code).toBe(1)
    expect((await typed(['check', '--target', path], secret)).err).toContain('because is empty')
    const proposed = read(path)
    const waivers = proposed.targets[0]?.waivers?.map((waiver) => ({ ...waiver, because: 'known' })) ?? []
    expect(waivers.map(({ id }) => id)).toEqual(['usage/shape'])
    writeFileSync(path, JSON.stringify({ targets: proposed.targets.map((target) => ({ ...target, waivers })) }))
    expect((await typed(['check', '--target', path, '--profile', 'minimum'], secret)).code).toBe(0)
  })
})

describe('before anything is judged', () => {
  const line = (url: string) => `check --base-url ${url} --key-env ACME_KEY`

  test('a missing model is answered with those there are', async () => {
    const { code, err } = await typed(line(await serving()), secret)
    expect(code).toBe(2)
    expect(err).toMatch(/Which model\? .*It serves: .*claude-reference/)
  })

  test('a model nobody serves is answered with those there are', async () => {
    const { code, out } = await typed(`${line(await serving())} --model no-such-model`, secret)
    expect(code).toBe(2)
    expect(out).toMatch(/does not serve the model no-such-model\. It serves: .*claude-reference/)
  })

  test.for<[status: number, says: RegExp]>([
    [402, /no balance left/],
    [403, /admits certain clients/],
    [503, /--wait SECONDS/],
  ])('%i ends the run with its probable cause', async ([status, says]) => {
    const url = await serving(() => errorAnswer(status, 'api_error', 'no'))
    const { code, out } = await typed(`${line(url)} --model m`, secret)
    expect(code).toBe(2)
    expect(out).toMatch(says)
  })

  test('--wait waits for a gateway that is still starting', async () => {
    const reference = createReference()
    let looks = 0
    const url = await serving((request) =>
      new URL(request.url).pathname === '/v1/models' && looks++ === 0
        ? errorAnswer(503, 'api_error', 'starting')
        : reference(request),
    )
    const out = scratch()
    const words = `${line(url)} --model ${defaultModel} --profile minimum --wait 10 --out ${out}`
    const { code } = await typed(words, secret)
    expect(looks).toBeGreaterThan(1)
    expect(code).toBe(0)
    // Whatever was sent is on the tape, and counted.
    const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report
    const tape = readFileSync(join(out, 'tape.jsonl'), 'utf8').trim().split('\n').slice(1, -1)
    expect(tape.length).toBe(report.sent.requests)
    const names = tape.map((text) => (JSON.parse(text) as { fixture: string }).fixture)
    expect(names.filter((name) => name === 'wait')).toHaveLength(2)
    const again = await typed(['judge', join(out, 'tape.jsonl'), '--out', join(out, 'again')])
    expect(again.code).toBe(0)
    const verdicts = (path: string) => (JSON.parse(readFileSync(path, 'utf8')) as Report).verdicts
    expect(verdicts(join(out, 'again/report.json'))).toEqual(report.verdicts)
  })

  test('--wait takes no look that --max-requests has no room for', async () => {
    const reference = createReference()
    const paths: string[] = []
    const url = await serving((request) => {
      paths.push(new URL(request.url).pathname)
      return paths.at(-1) === '/v1/models' ? errorAnswer(503, 'api_error', 'starting') : reference(request)
    })
    const { requests } = planFor(wholeProfile('minimum'), fixtureFacts).cost
    const words = `${line(url)} --model ${defaultModel} --profile minimum --wait 30`
    expect((await typed(`${words} --max-requests ${requests}`, secret)).code).toBe(0)
    expect(paths.length).toBeLessThanOrEqual(requests)
    expect(paths).not.toContain('/v1/models')
  })

  test('a redirect is not followed, so the key stays where it was sent', async () => {
    let asked = 0
    const other = createServer((_, response) => {
      asked++
      response.end()
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void other.close())
    const { port } = other.address() as AddressInfo
    const url = await serving(() => ({
      status: 307,
      headers: [['location', `http://127.0.0.1:${port}/v1/messages`]],
      body: { raw: '' },
    }))
    expect((await typed(`${line(url)} --model m`, secret)).code).toBe(2)
    expect(asked).toBe(0)
  })
})

test('GitHub Actions is told what is broken, and gets a summary', async () => {
  const page = join(scratch(), 'summary.md')
  const { out } = await typed(['check', '--fault', 'usage/missing', '--only', 'usage', '--out', scratch()], {
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: page,
  })
  expect(out).toMatch(/^::error title=usage\/shape::messages\/hello at /m)
  expect(readFileSync(page, 'utf8')).toContain('the built-in reference, with the fault usage/missing')
})
