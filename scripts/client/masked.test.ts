import { expect, test } from 'vitest'
import { masked } from './masked.ts'

test.for<[what: string, one: string, other: string]>([
  ['addresses', 'asks http://127.0.0.1:4010/f/x/1/v1/messages', 'asks http://127.0.0.1:4011/f/y/22/v1/messages'],
  ['an address in quotes', '{"url":"http://localhost:1/f","a":1}', '{"url":"http://localhost:22/g","a":1}'],
  ['ids', 'msg_ref000002, request req_011CX', 'msg_ref000009, request req_02'],
  ['UUIDs', '7c9e6679-7425-40de-944b-e07fc1f90ae7', '550E8400-E29B-41D4-A716-446655440000'],
  ['times', '2026-01-01T10:00:00.123Z', '2026-11-26 11:42:39 +01:00'],
  ['times of day', '[11:42:39] ready', '[09:00:01.5] ready'],
  ['seconds since 1970', '{"at":1767225600}', '{"at":1767229999123}'],
  ['durations', 'done in 1.5s', 'done in 321 ms'],
  ['named durations', '{"duration_ms": 1522, "n": 1}', '{"duration_ms": 9, "n": 1}'],
  ['the scratch folder', 'read /tmp/a/x.txt', 'read /tmp/b/x.txt'],
  ['blanks at the end of a line', 'a \nb', 'a\nb\t'],
])('%s may differ', ([, one, other]) => {
  expect(masked(one, '/tmp/a')).toBe(masked(other, '/tmp/b'))
})

test.for<[what: string, one: string, other: string]>([
  ['words', 'three rivers', 'two rivers'],
  ['numbers', '{"input_tokens": 12}', '{"input_tokens": 13}'],
  ['addresses of others', 'https://a.example/1', 'https://a.example/2'],
  ['years', 'in 1999', 'in 2001'],
  ['an empty line', 'a\n\nb', 'a\nb'],
  ['what stands behind an address', 'http://127.0.0.1:1/ said a', 'http://127.0.0.1:1/ said b'],
])('%s may not', ([, one, other]) => {
  expect(masked(one, null)).not.toBe(masked(other, null))
})

test.for(['x', ' ', '1', '1.', '-', 'duration', 'msg_', '10:', 'http://127.0.0.1:1', '2026-01-01 '])(
  'a million of %j are masked while one looks on',
  (part) => {
    expect(masked(part.repeat(1_000_000 / part.length), '/tmp/a').length).toBeLessThanOrEqual(1_100_000)
  },
)
