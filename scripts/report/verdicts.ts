import type { Report, ReportedVerdict } from '../../schemas/types.ts'
import { areaOf } from '../../suites/areas.ts'

/* The verdicts of a report in the groups and the order that renderings lay them out in. */

type Verdicts = readonly ReportedVerdict[]

/** Each area and its verdicts, in reading order. */
export function byArea(verdicts: Verdicts): readonly (readonly [area: string, own: Verdicts])[] {
  const areas = new Map<string, ReportedVerdict[]>()
  for (const verdict of verdicts) {
    const area = areaOf(verdict.id)
    areas.set(area, [...(areas.get(area) ?? []), verdict])
  }
  return [...areas]
}

/** Those that are broken, each must before each should. */
export function brokenByLevel({ verdicts }: Report): Verdicts {
  const order = { must: 0, should: 1, may: 2 }
  return verdicts.filter(({ outcome }) => outcome === 'broken').toSorted((a, b) => order[a.level] - order[b.level])
}

/** Those that came to something: they hold, or are broken. */
export function judgedOf(verdicts: Verdicts): Verdicts {
  return verdicts.filter(({ outcome }) => outcome === 'holds' || outcome === 'broken')
}

/** How many of them came to this, as a cell of a table shows it: nothing for none. */
export function cellOf(verdicts: Verdicts, outcome: ReportedVerdict['outcome']): string {
  return String(verdicts.filter((verdict) => verdict.outcome === outcome).length || '')
}
