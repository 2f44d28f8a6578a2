import { expect, test } from 'vitest'
import { report } from '../../schemas/examples.ts'
import type { Level, Outcome, Report, ReportedVerdict } from '../../schemas/types.ts'
import { brokenByLevel, byArea, cellOf, judgedOf, passageNotes, whyNotApplicable } from './verdicts.ts'
import { en } from './words/en.ts'

const verdict = (id: string, outcome: Outcome, level: Level = 'must'): ReportedVerdict => ({
  id,
  level,
  profile: 'minimum',
  outcome,
  why: outcome === 'unjudged' ? 'not-asked' : null,
  findings: [],
})
const verdicts = [
  verdict('usage/shape', 'broken', 'should'),
  verdict('auth/none-refused', 'holds'),
  verdict('usage/cumulative', 'broken'),
  verdict('auth/error-type', 'unjudged'),
  verdict('usage/delta', 'noted', 'may'),
  verdict('errors/envelope', 'not-applicable'),
  verdict('errors/never-200', 'broken'),
]
const named = (some: readonly ReportedVerdict[]): string[] => some.map(({ id }) => id)

test('areas come in the order of their first requirement, each with all of its own', () => {
  expect(byArea(verdicts).map(([area, own]) => [area, ...named(own)])).toEqual([
    ['usage', 'usage/shape', 'usage/cumulative', 'usage/delta'],
    ['auth', 'auth/none-refused', 'auth/error-type'],
    ['errors', 'errors/envelope', 'errors/never-200'],
  ])
})

test('of what is broken each must comes before each should, and else the order stays', () => {
  const broken = brokenByLevel({ ...report, verdicts } as Report)
  expect(named(broken)).toEqual(['usage/cumulative', 'errors/never-200', 'usage/shape'])
})

test('judged is what holds or is broken', () => {
  expect(named(judgedOf(verdicts))).toEqual([
    'usage/shape',
    'auth/none-refused',
    'usage/cumulative',
    'errors/never-200',
  ])
})

test.for<[Outcome, string]>([
  ['broken', '3'],
  ['unjudged', '1'],
])('a cell says how many are %s: %s', ([outcome, cell]) => {
  expect(cellOf(verdicts, outcome)).toBe(cell)
})

test('a cell of none is empty', () => {
  expect(cellOf([], 'holds')).toBe('')
})

test('what is not applicable says which capability it takes is declined', () => {
  const declined = { ...report, capabilities: { tools: { state: 'declined' }, vision: { state: 'shown' } } } as Report
  const why = (id: string): string => whyNotApplicable(verdict(id, 'not-applicable'), declined, en)
  expect(why('tools/arguments-kept')).toBe('takes what is declined: tools')
  expect(why('tools/offered')).toBe('takes what is declined: tools')
  expect(why('vision/offered')).toBe('what it comes after is not applicable')
})

test('what the protocol behind a gateway has no place for says so, in the list and beside the verdicts', () => {
  const beyond = { ...verdict('usage/start-counts-input', 'not-applicable'), findings: [] }
  const behindChat = { ...report, capabilities: {}, verdicts: [beyond] } as unknown as Report
  expect(whyNotApplicable(beyond, behindChat, en)).toBe(
    'chat-completions has no place for it: It counts the prompt with the last chunk.',
  )
  expect(passageNotes(behindChat, en)).toEqual([
    'usage/start-counts-input: chat-completions has no place for it: It counts the prompt with the last chunk.',
  ])
  const held = { ...beyond, outcome: 'holds' as const }
  expect(passageNotes({ ...behindChat, verdicts: [held] }, en)).toEqual([])
  const streamless: Report = { ...behindChat, capabilities: { streaming: { state: 'declined' } } }
  expect(whyNotApplicable(beyond, streamless, en)).toBe('takes what is declined: streaming')
  expect(passageNotes(streamless, en)).toEqual([])
})

test('the counts of an area add up to its requirements', () => {
  for (const [, own] of byArea(verdicts)) {
    const outcomes = ['holds', 'broken', 'unjudged', 'not-applicable', 'noted'] as const
    expect(outcomes.reduce((sum, outcome) => sum + Number(cellOf(own, outcome)), 0)).toBe(own.length)
  }
})
