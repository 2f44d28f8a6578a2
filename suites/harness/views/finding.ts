import type { RequirementId } from '../../ids.ts'
import { beginningOfJson } from '../wire/json.ts'

/** Where a promise is not kept: the exact place, what should stand there, and what does. Wording belongs to the renderings. */
export interface Finding {
  /** `event 7`, `event 7 /delta/text`, `/content/0/text`, `header content-type`, `byte 412`, `status`. */
  readonly at: string
  readonly expected: string
  readonly actual: string
}

/** No requirement keeps more findings than this of one tape, so that memory stays flat; the first ones are the telling ones. */
export const mostFindings = 20

/** The first findings of a check, no text of them longer than a few lines. What a check would find behind them is not asked for. */
export function firstFindings<F extends Finding>(found: Iterable<F>): readonly F[] {
  const first: F[] = []
  takeFindings(found, first)
  return first
}

/** The same, into a list: what was found before something was thrown is there. */
export function takeFindings<F extends Finding>(found: Iterable<F>, into: F[]): void {
  for (const finding of found) {
    const { at, expected, actual } = finding
    into.push({ ...finding, at: fewLines(at), expected: fewLines(expected), actual: fewLines(actual) })
    if (into.length === mostFindings) return
  }
}

/** What a view found wrong, and the requirement whose finding that is. */
export interface Refusal {
  readonly by: RequirementId
  readonly finding: Finding
  /** The part of the value that it voids, as a JSON pointer, where it is about a part. */
  readonly path?: string
}

/** So many characters of what a gateway said stand in one finding. */
const mostShown = 120

/** A value as a finding shows it: as JSON, short, on one line. */
export function show(value: unknown): string {
  return value === undefined ? 'missing' : shortened(beginningOfJson(value, mostShown))
}

/** A text as a finding shows it: short, on one line, and `nothing` where there is none. */
export function clip(text: string): string {
  return shortened(text.slice(0, mostRead).trim().replace(/\s+/g, ' ')) || 'nothing'
}

/** What is cut off anyway need not be looked at. */
const mostRead = 10 * mostShown

/** Longer than any sentence of ours; a header, an id or a name of a gateway may be as long as it likes. */
function fewLines(text: string): string {
  return shortened(text, 400)
}

/** A line with its end cut off where it is longer than `most`, and no half of a character left of it. */
export function shortened(line: string, most = mostShown): string {
  return line.length > most ? `${line.slice(0, most - 3).replace(/[\uD800-\uDBFF]$/, '')}...` : line
}
