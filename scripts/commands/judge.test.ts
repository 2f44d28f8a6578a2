import { execFile } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { typed } from '../typed.ts'
import { scratch } from '../../suites/self/scratch.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

const message = {
  id: 'msg_1',
  type: 'message',
  role: 'assistant',
  model: 'm',
  content: [{ type: 'text', text: 'hi' }],
  stop_reason: 'end_turn',
  stop_sequence: null,
  usage: { input_tokens: 5, output_tokens: 1 },
}

/** An exchange as a recorder writes it, with so many bytes of something else. */
const entry = (padding: number, response: object = {}): string =>
  JSON.stringify({
    request: {
      method: 'POST',
      url: 'https://gateway.example/v1/messages',
      headers: [],
      postData: { text: '{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}' },
    },
    response: {
      status: 200,
      headers: [{ name: 'content-type', value: 'application/json' }],
      content: { text: JSON.stringify(message) },
      ...response,
    },
    _padding: 'x'.repeat(padding),
  })

const har = (...entries: readonly string[]): string => `{"log":{"version":"1.2","entries":[${entries.join(',')}]}}`

test('a HAR larger than memory is judged, and an entry too large is said to be left out', async () => {
  const path = join(scratch(), 'large.har')
  const file = openSync(path, 'w')
  writeSync(file, '{"log":{"version":"1.2","entries":[')
  for (let count = 0; count < 40; count++) writeSync(file, `${entry(2 ** 20)},`)
  writeSync(file, `${entry(2 ** 26)}]}}`)
  closeSync(file)
  const child = promisify(execFile)(
    process.execPath,
    ['--max-old-space-size=64', '--import', 'tsx', 'scripts/main.ts', 'judge', path],
    { cwd: root, env: { PATH: process.env['PATH'] ?? '' } },
  )
  const { stdout, stderr } = await child
  expect(stdout).toContain(
    '40 exchanges.\n- Entries that were not judged: 1 larger than an exchange can be (entry 41).\n',
  )
  expect(stdout).toMatch(/none broken: a partial look\.\n$/)
  expect(stderr).toBe('')
})

test('one 429 among others is one 429, said and counted, and decides nothing', async () => {
  const path = join(scratch(), 'busy.har')
  const text = '{"type":"error","error":{"type":"rate_limit_error","message":"Slow down."}}'
  writeFileSync(path, har(entry(0), entry(0, { status: 429, content: { text } }), entry(0, { status: 0 })))
  const { code, out } = await typed(['judge', path])
  expect(out).toContain(
    '- Exchanges with nothing to judge: 1 met a busy gateway (429, 529 and the like), 1 got no answer.',
  )
  expect(out).toMatch(/none broken: a partial look\.\n$/)
  expect(code).toBe(0)
})

test('what a recorder did to an exchange is said in every output, and breaks nothing', async () => {
  const folder = scratch()
  const path = join(folder, 'lossy.har')
  writeFileSync(
    path,
    har(entry(0), entry(0, { content: { size: 0, text: '' } }), entry(0, { _error: 'net::ERR_ABORTED' })),
  )
  const { code, out } = await typed(['judge', path, '--out', folder])
  const note = /1 without the body of the answer \(entry 2\); 1 broken off while recorded \(entry 3\)/
  expect(out.replaceAll(/\n +/g, ' ')).toMatch(note)
  for (const name of ['summary.md', 'report.html', 'report.json'])
    expect(readFileSync(join(folder, name), 'utf8'), name).toMatch(note)
  expect(code).toBe(0)
})

test('of a HAR with several hosts one can be chosen, and of a tape there is none to choose', async () => {
  const folder = scratch()
  const path = join(folder, 'two.har')
  writeFileSync(path, har(entry(0), entry(0).replace('gateway.example', 'other.example')))
  expect((await typed(['judge', path])).out.replaceAll(/\n +/g, ' ')).toContain('--host NAME judges one of them.')
  expect((await typed(['judge', path, '--host', 'other.example'])).out).toContain('two.har: 1 exchange.')
  await typed(['check', '--only', 'messages/shape', '--out', folder])
  const refused = await typed(['judge', join(folder, 'tape.jsonl'), '--host', 'other.example'])
  expect(refused).toMatchObject({ code: 2, err: expect.stringContaining('leave out --host') as string })
})

test('a HAR with a byte order mark is read', async () => {
  const path = join(scratch(), 'marked.har')
  writeFileSync(path, `\uFEFF${har(entry(0))}`)
  expect((await typed(['judge', path])).out).toMatch(/none broken: a partial look\.\n$/)
})

test('a tape with a byte order mark is read', async () => {
  const path = scratch()
  await typed(['check', '--only', 'messages/shape', '--out', path])
  const tape = join(path, 'tape.jsonl')
  writeFileSync(tape, `\uFEFF${readFileSync(tape, 'utf8')}`)
  expect((await typed(['judge', tape])).out).toMatch(/none broken: a partial look\.\n$/)
})

test('a HAR that was cut short is no HAR', async () => {
  const path = join(scratch(), 'cut.har')
  const text = har(entry(0), entry(0)).slice(0, -20)
  writeFileSync(path, text)
  const err = `${path}, line 1, column ${text.length + 1}: This is no HAR: it is no JSON.\n`
  expect(await typed(['judge', path])).toMatchObject({ code: 2, err })
})

test('a folder of --out stands for its tape', async () => {
  const path = scratch()
  await typed(['check', '--only', 'messages/shape', '--out', path])
  const { out, code } = await typed(['judge', path])
  expect(out).toContain(`${join(path, 'tape.jsonl')}: 1 exchange.`)
  expect(code).toBe((await typed(['judge', join(path, 'tape.jsonl')])).code)
  expect(await typed(['judge', scratch()])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/tape\.jsonl cannot be read/) as unknown,
  })
})

test('a folder of several targets names the folders in it that have one', async () => {
  const path = scratch()
  for (const name of ['acme', 'zenith']) await typed(['check', '--only', 'messages/shape', '--out', join(path, name)])
  mkdirSync(join(path, 'empty'))
  const err = `${path} is a folder, and its tape.jsonl cannot be read: name one of those in it: ${join(path, 'acme')}, ${join(path, 'zenith')}\n`
  expect(await typed(['judge', path])).toMatchObject({ code: 2, err })
  expect(await typed(['diff', path, path])).toMatchObject({ code: 2, err })
})

test('a line of a tape that is no JSON is named, with its column', async () => {
  const path = join(scratch(), 'broken.jsonl')
  writeFileSync(path, '{"kind":"header",}\n{}\n')
  expect(await typed(['judge', path])).toMatchObject({ code: 2, err: `${path}, line 1, column 18: this is no JSON.\n` })
})
