import { describe, expect, test } from 'vitest'
import { about } from '../../self/by-hand.ts'
import { mostFindings } from '../views/finding.ts'
import { requirement } from './requirement.ts'
import { judged, notApplicable, unanchored, unjudged } from './verdict.ts'

const promise = requirement('messages/shape', { ...about, vouches: 'message' })
const finding = { fixture: 'messages/hello', at: '/id', expected: 'string', actual: '7' }
const head = { id: 'messages/shape', level: 'must', profile: 'minimum' }

test('findings break a must and a should, and are noted of a may; without any it holds', () => {
  expect(judged(promise, [finding])).toEqual({
    ...head,
    outcome: 'broken',
    why: null,
    blockedBy: [],
    findings: [finding],
  })
  expect(judged({ ...promise, level: 'should' }, [finding]).outcome).toBe('broken')
  expect(judged({ ...promise, level: 'may' }, [finding])).toMatchObject({ outcome: 'noted', findings: [finding] })
  expect(judged({ ...promise, level: 'may' }, []).outcome).toBe('noted')
  expect(judged(promise, []).outcome).toBe('holds')
})

test('the first findings are kept, and no more than memory allows', () => {
  const many = Array.from({ length: mostFindings + 5 }, (_, number) => ({ ...finding, at: `/${number}` }))
  expect(judged(promise, many).findings).toEqual(many.slice(0, mostFindings))
})

test('what could not be judged says why, and what stood in the way', () => {
  const rest = { ...head, findings: [] }
  expect(unjudged(promise, 'model')).toEqual({ ...rest, outcome: 'unjudged', why: 'model', blockedBy: [] })
  expect(unjudged(promise, 'prerequisite', ['usage/shape', 'usage/shape'])).toEqual({
    ...rest,
    outcome: 'unjudged',
    why: 'prerequisite',
    blockedBy: ['usage/shape'],
  })
  expect(notApplicable(promise)).toEqual({ ...rest, outcome: 'not-applicable', why: null, blockedBy: [] })
})

describe('without an anchor', () => {
  const broken = ['usage/shape'] as const
  test('what would hold or be noted waits', () => {
    for (const verdict of [judged(promise, []), judged({ ...promise, level: 'may' }, [finding])])
      expect(unanchored(verdict, broken)).toMatchObject({
        outcome: 'unjudged',
        why: 'prerequisite',
        blockedBy: broken,
        findings: [],
      })
  })

  test('everything else stays', () => {
    for (const verdict of [judged(promise, [finding]), unjudged(promise, 'model'), notApplicable(promise)])
      expect(unanchored(verdict, broken)).toBe(verdict)
  })
})

test('a hint stays a hint, whatever it comes to', () => {
  const hint = { ...promise, hint: true } as const
  for (const verdict of [judged(hint, [finding]), unjudged(hint, 'model'), notApplicable(hint)])
    expect(verdict.hint).toBe(true)
})
