import { expect, test } from 'vitest'
import type { ClientTried } from '../../schemas/types.ts'
import type { Outcome } from '../../suites/clients/outcomes.ts'
import { outcomeOfSession } from './drive-claude-code.ts'

type Tried = Pick<ClientTried, 'state' | 'ran'>

const ran = (code: number, requests: number, wrote: string | null): Pick<ClientTried, 'ran'> => ({
  ran: { exit: { kind: 'code', code }, requests, wrote, said: null },
})
const late: Pick<ClientTried, 'ran'> = { ran: { exit: { kind: 'time' }, requests: 2, wrote: '', said: null } }

test.for<[Outcome, Tried]>([
  ['not-provoked', { state: 'not-provoked' }],
  ['same', { state: 'unharmed', ...ran(0, 2, null) }],
  ['recovers', { state: 'survives', ...ran(0, 2, null) }],
  ['recovers', { state: 'unharmed', ...ran(0, 3, null) }],
  ['silently-other', { state: 'loses-silently', ...ran(0, 2, 'half') }],
  ['raises', { state: 'notices', ...ran(1, 4, 'API Error') }],
  ['raises', { state: 'notices', ...late }],
  ['hangs', { state: 'hangs', ...late }],
])('%s', ([outcome, tried]) => {
  expect(outcomeOfSession(tried, 2)).toBe(outcome)
})
