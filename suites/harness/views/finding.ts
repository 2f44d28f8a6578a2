import type { RequirementId } from '../../ids.ts'

/** Where a promise is not kept: the exact place, what should stand there, and what does. Wording belongs to the renderings. */
export interface Finding {
  /** `event 7`, `event 7 /delta/text`, `/content/0/text`, `header content-type`, `byte 412`, `status`. */
  readonly at: string
  readonly expected: string
  readonly actual: string
}

/** Why a view refused an exchange, and the requirement whose finding that is. */
export interface Refusal {
  readonly by: RequirementId
  readonly finding: Finding
}

/** So many characters of what a gateway said stand in one finding. */
const mostShown = 120

/** A value as a finding shows it: as JSON, short, on one line. */
export function show(value: unknown): string {
  return value === undefined ? 'missing' : shortened(JSON.stringify(value))
}

/** A text as a finding shows it: short, on one line, and `nothing` where there is none. */
export function clip(text: string): string {
  return shortened(text.slice(0, mostRead).trim().replace(/\s+/g, ' ')) || 'nothing'
}

/** What is cut off anyway need not be looked at. */
const mostRead = 10 * mostShown

function shortened(line: string): string {
  return line.length > mostShown ? `${line.slice(0, mostShown - 3)}...` : line
}
