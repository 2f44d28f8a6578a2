import { describe, expect, test } from 'vitest'
import type { ByGroup } from './measure.ts'
import { textOf, updated, type Measurement } from './measured-file.ts'

const measurement = (byGroup: ByGroup, version = '1.14.0'): Measurement => ({
  client: 'typescript-sdk',
  version,
  faults: new Map([['streaming/ends-early', byGroup]]),
  variants: new Map([['pings', {}]]),
})
const empty = { clients: {}, faults: {}, variants: {} }
const first = updated(empty, measurement({ stream: 'raises' }), '2026-11-25')

describe('a measurement in the place of an earlier one', () => {
  test('the day stays where the same was found, and changes with what was found or measured', () => {
    const again = (one: Measurement): unknown => updated(first, one, '2026-11-26').clients['typescript-sdk']
    expect(textOf(updated(first, measurement({ stream: 'raises' }), '2026-11-26'))).toBe(textOf(first))
    expect(again(measurement({ stream: 'hangs' }))).toEqual({ version: '1.14.0', date: '2026-11-26' })
    expect(again(measurement({ stream: 'raises' }, '1.15.0'))).toEqual({ version: '1.15.0', date: '2026-11-26' })
  })

  test('another client stays, a gateway that there is no more goes, and so do not variants that were left out', () => {
    const other = { ...measurement({ raw: 'same' }), client: 'python-sdk', version: '2.14.0' } as const
    const both = updated(first, other, '2026-11-26')
    expect(both.faults['streaming/ends-early']).toEqual({
      'typescript-sdk': { stream: 'raises' },
      'python-sdk': { raw: 'same' },
    })
    const gone = updated(both, { ...measurement({}), faults: new Map(), variants: null }, '2026-11-27')
    expect(gone.faults).toEqual({})
    expect(gone.variants).toEqual(both.variants)
  })

  test('the file is JSON, a line a gateway', () => {
    expect(JSON.parse(textOf(first))).toEqual(first)
    expect(textOf(first).split('\n')).toContain(`    "streaming/ends-early": {"typescript-sdk":{"stream":"raises"}}`)
  })
})
