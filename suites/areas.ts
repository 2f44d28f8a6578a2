import { ids } from './ids.ts'

/** The area of a requirement, or of an exchange. */
export function areaOf(id: string): string {
  return id.split('/', 1)[0] ?? id
}

/** Every area, in reading order. */
export const areas: readonly string[] = [...new Set(ids.map(areaOf))]
