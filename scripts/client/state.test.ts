import { expect, test } from 'vitest'
import type { ClientState } from '../../schemas/types.ts'
import { stateOf, type Met, type Ran } from './state.ts'

const once = ['POST /v1/messages json 1 messages']
const twice = [...once, ...once]

const right: Ran = { exit: { kind: 'code', code: 0 }, out: 'three rivers', err: '', asked: once }
const fault: Met = { kind: 'fault', noticeable: true, otherWords: false }
const hidden: Met = { ...fault, noticeable: false }
const variant: Met = { ...hidden, kind: 'variant' }
const refusal: Met = { ...variant, noticeable: true }
const fails = { exit: { kind: 'code', code: 1 } } as const
const killed = { exit: { kind: 'signal', signal: 'SIGSEGV' } } as const
const endless = { exit: { kind: 'time' } } as const
const less = { out: 'two' }

test.for<[about: string, met: Met, ran: Partial<Ran>, state: ClientState]>([
  ['fails', fault, fails, 'notices'],
  ['crashes', fault, killed, 'notices'],
  ['writes less, and fails', fault, { ...fails, ...less }, 'notices'],
  ['writes less, and says so', fault, { ...less, err: 'cut off' }, 'notices'],
  ['writes the same, and says so', fault, { err: 'cut off' }, 'notices'],
  ['fails where nothing can be seen', hidden, fails, 'notices'],
  ['writes less, without a word', fault, less, 'loses-silently'],
  ['asks again, and writes less without a word', fault, { ...less, asked: twice }, 'loses-silently'],
  ['writes nothing at all', fault, { out: '' }, 'loses-silently'],
  ['writes less where nothing can be seen', hidden, less, 'undetectable'],
  ['asks again, and writes the same', fault, { asked: twice }, 'survives'],
  ['asks otherwise, and writes the same', fault, { asked: ['POST /v1/messages stream 1 messages'] }, 'survives'],
  ['asks again, says so, and writes the same', fault, { asked: twice, err: 'again' }, 'survives'],
  ['does as ever', fault, {}, 'unharmed'],
  ['does as ever where nothing can be seen', hidden, {}, 'unharmed'],
  ['does not end', fault, endless, 'hangs'],
  ['does not end where nothing can be seen', hidden, endless, 'hangs'],
  ['does not end, and still asks again', fault, { ...endless, asked: twice }, 'notices'],
  [
    'does not end, and goes on asking more',
    fault,
    { ...endless, asked: [...once, 'POST /v1/messages json 3'] },
    'hangs',
  ],
  ['does as ever on a variant', variant, {}, 'unharmed'],
  ['says something on a variant', variant, { err: 'an unknown event' }, 'unharmed'],
  ['asks again on a variant', variant, { asked: twice }, 'survives'],
  ['fails on a variant', variant, fails, 'trips'],
  ['writes less on a variant that says the same', variant, less, 'trips'],
  ['writes other words on a variant that says others', { ...variant, otherWords: true }, less, 'other-words'],
  ['refuses the other words of a variant', { ...variant, otherWords: true }, fails, 'notices'],
  ['does not end on a variant', variant, endless, 'hangs'],
  ['fails on a variant that refuses', refusal, fails, 'notices'],
  ['writes less on a variant that refuses', { ...refusal, otherWords: true }, less, 'loses-silently'],
  ['fails on a failure', { ...fault, kind: 'failure' }, fails, 'notices'],
  ['takes a failure for an answer', { ...fault, kind: 'failure' }, less, 'loses-silently'],
])('a command that %s', ([, met, ran, state]) => {
  expect(stateOf(met, { ...right, ...ran }, [right, right])).toBe(state)
})

test('what is said to standard error is no word about it where that differs on the reference too', () => {
  const reference: [Ran, Ran] = [
    { ...right, err: 'seed 1' },
    { ...right, err: 'seed 2' },
  ]
  expect(stateOf(fault, { ...right, ...less, err: 'seed 3' }, reference)).toBe('loses-silently')
  const steady: [Ran, Ran] = [
    { ...right, err: 'warning: old' },
    { ...right, err: 'warning: old' },
  ]
  expect(stateOf(fault, { ...right, ...less, err: 'warning: old' }, steady)).toBe('loses-silently')
  expect(stateOf(fault, { ...right, ...less, err: 'warning: old, cut off' }, steady)).toBe('notices')
})

test('what is asked sometimes on the reference is nothing that was done about it', () => {
  const reference: [Ran, Ran] = [right, { ...right, asked: twice }]
  expect(stateOf(fault, { ...right, asked: twice }, reference)).toBe('unharmed')
  expect(stateOf(fault, { ...right, ...endless, asked: twice }, reference)).toBe('hangs')
})
