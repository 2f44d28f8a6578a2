import { expect, test } from 'vitest'
import { guarded } from './guarded.ts'
import type { Io } from './io.ts'

function recording(): { io: Io; said: string[] } {
  const said: string[] = []
  const io: Io = {
    environment: {},
    out: (text) => void said.push(`out ${text}`),
    err: (text) => void said.push(`err ${text}`),
    read: () => Promise.resolve(''),
    ask: null,
    flush: () => Promise.resolve(null),
    width: 80,
    onTerminal: false,
    terminal: false,
  }
  return { io, said }
}

test('what is withheld is printed by neither stream from then on, however it is written', () => {
  const { io, said } = recording()
  const guard = guarded(io)
  guard.out('before: s3cr3t-1')
  guard.withhold(['s3cr3t-1'])
  guard.withhold(['s3cr3t-2'])
  guard.out('s3cr3t-1 and s3cr3t-2\n')
  guard.err('s3cr3t%2d1 and \\u00733cr3t-2\n')
  expect(said).toEqual([
    'out before: s3cr3t-1',
    'out [redacted:credential] and [redacted:credential]\n',
    'err [redacted:credential] and [redacted:credential]\n',
  ])
})
