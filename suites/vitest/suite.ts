import { describe, expect, inject, test } from 'vitest'
import type { Conformance } from './setup.ts'

/**
 * One test a requirement of an area, named by its id, judged on the tape that the global setup gathered. Holds passes; a broken must
 * fails; a broken should, or a waived must, passes with an annotation; what was not judged is skipped with a note.
 */
export function suite(area: string): void {
  const gathered: Conformance | undefined = inject('conformance')
  if (!gathered) throw new Error('Nothing was gathered: name messages-conformance/vitest/setup as globalSetup.')
  const { target, verdicts, conclusion, stoppedBy } = gathered
  describe(`${area}, of ${target}`, () => {
    const own = verdicts.filter(({ id }) => id.startsWith(`${area}/`))
    for (const { id, level, outcome, why, blockedBy, findings } of own)
      test(id, async ({ annotate, skip }) => {
        if (outcome === 'unjudged' || outcome === 'not-applicable')
          skip([why ?? outcome, ...(blockedBy.length > 0 ? [`waits for ${blockedBy.join(', ')}`] : [])].join(': '))
        const places = findings.map(
          ({ fixture, at, expected, actual }) => `${fixture}, ${at}: expected ${expected}, got ${actual}`,
        )
        expect(conclusion.failing.includes(id) ? places : []).toEqual([])
        for (const place of places) await annotate(place, level)
      })
    test('conclusion', () => {
      expect({ exitCode: conclusion.exitCode, reasons: conclusion.reasons, stoppedBy }).toEqual({
        exitCode: 0,
        reasons: [],
        stoppedBy: null,
      })
    })
  })
}
