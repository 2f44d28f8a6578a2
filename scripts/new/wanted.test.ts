import { expect, test } from 'vitest'
import { wantedOf } from './wanted.ts'

test('one id and one kind say what is wanted', () => {
  expect(wantedOf(['usage/more', '--every', 'message'])).toEqual({ id: 'usage/more', on: { every: 'message' } })
  expect(wantedOf(['tools/more', '--reads', 'tools/single', '--reads', 'tools/new', '--chapter', 'call.ts'])).toEqual({
    id: 'tools/more',
    on: { reads: ['tools/single', 'tools/new'] },
    chapter: 'call.ts',
  })
  expect(wantedOf(['--help'])).toBeNull()
})

test.for<[line: string, says: RegExp]>([
  ['', /^One id is needed, .*npm run new -- area\/what-holds --every VIEW/],
  ['usage/more message', /^One id is needed/],
  ['usage/more', /^One of --every, --reads and --gates is needed\./],
  ['usage/more --every message --gates tools', /^One of --every, --reads and --gates is needed\./],
  ['usage/more --evry message', /^Unknown option '--evry'\. It is: npm run new/],
  ['usage/more --every', /argument missing\. It is: npm run new/],
])('%j is one sentence', ([line, says]) => {
  expect(() => wantedOf(line.split(' ').filter((word) => word !== ''))).toThrow(says)
})
