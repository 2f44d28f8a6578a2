import { expect, test } from 'vitest'
import type { Report, ReportedVerdict } from '../../schemas/types.ts'
import { report as example } from '../../schemas/examples.ts'
import { junit } from './junit.ts'

const verdict = (id: string, more: Partial<ReportedVerdict> = {}): ReportedVerdict => ({
  ...{ id, level: 'must', profile: 'sdk', outcome: 'holds', why: null, findings: [] },
  ...more,
})
const report: Report = {
  ...(example as Report),
  verdicts: [
    verdict('tools/same-in-both-modes'),
    verdict('tools/single', { outcome: 'unjudged', why: 'prerequisite', blockedBy: ['tools/served', 'usage/shape'] }),
  ],
  timing: { exchanges: { 'tools/single': 1250, 'tools/single:stream': 250.4, 'messages/hello': 9000 } },
}
const timeOf = (xml: string, name: string): string | undefined =>
  new RegExp(`<test(?:case|suite)[^>]* name="${name}"[^>]* time="([^"]*)"`).exec(xml)?.[1]

test('a case takes as long as the exchanges it reads, and a suite as long as its cases', () => {
  const xml = junit(report)
  expect(timeOf(xml, 'tools/same-in-both-modes')).toBe('1.5')
  expect(timeOf(xml, 'tools')).toBe('1.5')
  expect(timeOf(xml, 'conclusion')).toBe('0')
})

test('what was not judged takes no time, and names what it waits for', () => {
  const xml = junit(report)
  expect(timeOf(xml, 'tools/single')).toBe('0')
  expect(xml).toContain('<skipped message="unjudged: prerequisite: waits for tools/served, usage/shape"/>')
})

test('where no time is known there is none', () => {
  const { timing: _, ...untimed } = report
  expect(timeOf(junit(untimed), 'tools/same-in-both-modes')).toBe('0')
})
