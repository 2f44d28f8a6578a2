import { expect, test } from 'vitest'
import { table } from './table.ts'

test('rows stand in columns, figures to the right; a ratio only where there is one', () => {
  const rows = [
    { what: 'plan', ours: '1200 ms', compared: 'node: 40 ms', ratio: 30 },
    { what: 'requests of sdk', ours: '63', compared: 'at most 9', ratio: null },
  ]
  expect(table(rows).split('\n')).toEqual([
    'plan             1200 ms  node: 40 ms  30.00x',
    'requests of sdk       63  at most 9    ',
    '',
  ])
})
