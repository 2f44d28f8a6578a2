import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { convert, defaultMaxTokens } from '../../fixtures/chat-completions/convert.ts'
import { chatExamples } from '../../fixtures/chat-completions/examples.ts'
import { scratch } from '../../suites/self/scratch.ts'
import { typed } from '../typed.ts'

function bodyFile(body: unknown): string {
  const path = join(scratch(), 'body.json')
  writeFileSync(path, typeof body === 'string' ? body : JSON.stringify(body))
  return path
}

test.for(chatExamples)('$name: from a file, and from standard input', async ({ body, noted }) => {
  const { code, out, err } = await typed(['convert', bodyFile(body)])
  expect(JSON.parse(out)).toEqual(convert(body).request)
  expect(err.split('\n').filter((line) => line.startsWith('  '))).toHaveLength(noted.length)
  expect(code).toBe(0)
  expect(await typed(['convert', '-'], {}, 100, { read: JSON.stringify(body) })).toEqual({ code, out, err })
})

test('what is not in the result, and what is in another way, is said apart from it', async () => {
  const body = { model: 'm', max_tokens: 9, seed: 1, temperature: 0.5, messages: [{ role: 'user', content: 'Hello.' }] }
  const { out, err } = await typed(['convert', bodyFile(body)])
  expect(out).not.toContain('seed')
  expect(err).toBe(
    `Asked for, and not in the result:
  seed: Messages has no counterpart: no answer is promised to come twice.
In the result in another way:
  temperature: Only anthropic-version 2023-06-01 takes it; models since Claude 4.7 refuse any unusual value.
`,
  )
})

test('nothing is said where there is nothing to say', async () => {
  const body = { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'Hello.' }] }
  expect(await typed(['convert', bodyFile(body)])).toEqual({
    code: 0,
    out: `${JSON.stringify(body, null, 2)}\n`,
    err: '',
  })
})

test('a sound that is left out is exit 2: half a conversation is not to be sent by mistake', async () => {
  const sound = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }
  const content = [{ type: 'text', text: 'What is said here?' }, sound]
  const { code, out, err } = await typed([
    'convert',
    bodyFile({ model: 'm', max_tokens: 9, messages: [{ role: 'user', content }] }),
  ])
  expect(code).toBe(2)
  expect(JSON.parse(out)).toMatchObject({ messages: [{ content: 'What is said here?' }] })
  expect(err).toBe(
    'Said, and not in the result:\n  messages.0.content.1: Messages has no counterpart: it hears nothing.\n',
  )
})

test('what the API would refuse is exit 2, in its words', async () => {
  const messages = [{ role: 'user', content: 'Hello.' }]
  const { code, err } = await typed([
    'convert',
    bodyFile({ model: 'm', max_tokens: 9, messages, tool_choice: 'required' }),
  ])
  expect(code).toBe(2)
  expect(err).toBe('The API would refuse the result: tool_choice: may only be specified while providing tools.\n')
})

test('--json is one object on standard output, and nothing else', async () => {
  const body = { model: 'm', max_tokens: 9, n: 2, messages: [{ role: 'user', content: 'Hello.' }] }
  const { code, out, err } = await typed(['convert', '--json', bodyFile(body)])
  expect(JSON.parse(out)).toEqual({
    request: { model: 'm', max_tokens: 9, messages: body.messages },
    notes: [{ at: 'n', kind: 'option', says: expect.stringMatching(/^Messages has no counterpart: /) as unknown }],
    refused: null,
  })
  expect({ code, err }).toEqual({ code: 0, err: '' })
})

test.for<[what: string, line: (path: string) => readonly string[], content: string, says: RegExp]>([
  ['no file', () => [], '', /^convert takes one file .* or - for standard input\.$/],
  ['two files', (path) => [path, path], '', /^convert takes one file/],
  ['one that is not there', (path) => [`${path}.not`], '', /body\.json\.not cannot be read: is it there/],
  [
    'a comma too many',
    (path) => [path],
    '{\n  "model": "sk-7f3k9q2x8w4v6n1p",\n}',
    /body\.json, line 3, column 1: this is no JSON\.$/,
  ],
  ['nothing at all', () => ['-'], '', /^Standard input, line 1, column 1: this is no JSON\.$/],
  [
    'what nests without end',
    (path) => [path],
    `${'['.repeat(5000)}${']'.repeat(5000)}`,
    /nests its objects and lists too deep/,
  ],
  [
    'another body',
    (path) => [path],
    '{"input":"hi"}',
    /body\.json: messages: is no list.* A body of Responses is not converted\.$/,
  ],
  ['a message that is none', (path) => [path], '{"model":"m","messages":[1]}', /messages\.0: is no message/],
])('%s is one sentence, and 2', async ([, line, content, says]) => {
  const path = bodyFile(content)
  const { code, out, err } = await typed(['convert', ...line(path)])
  expect({ code, out }).toEqual({ code: 2, out: '' })
  expect(err).toMatch(/^[^\n]+\n$/)
  expect(err.trimEnd()).toMatch(says)
  expect(err).not.toContain('sk-7f3k')
})

test.for(['README.md', 'README.zh-CN.md'])('%s says which limit is put in', (page) => {
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8')
  const row = text.split('\n').find((line) => line.startsWith('| `max_completion_tokens`'))
  expect(row).toContain(String(defaultMaxTokens))
})
