import { existsSync, readdirSync, readFileSync, statSync, type Dirent } from 'node:fs'
import { join, relative, resolve, sep } from 'node:path'
import type { MissingReport, Report } from '../../schemas/types.ts'
import { validateReport } from '../../schemas/validators.js'
import { parseJson } from '../../suites/harness/wire/json.ts'
import type { Placed } from './matrix.ts'

/** The reports in folders that were named, and what was named or found and holds none. */
export interface Found {
  readonly placed: readonly Placed[]
  readonly missing: readonly MissingReport[]
}

/**
 * Looks for reports in folders of --out, or in folders of those, however deep; links are not followed. Each file is read once, in
 * whatever ways its folder is named. `seenFrom` is where links to the reports will stand. Never throws.
 */
export function reportsIn(folders: readonly string[], seenFrom: string): Found {
  const placed: Placed[] = []
  const missing: MissingReport[] = []
  const seen = new Set<string>()

  /** Whether anything was found: a report, or one that is not whole. */
  function look(folder: string): boolean {
    const path = resolve(folder)
    const entries = entriesOf(path)
    const names = new Set(entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name))
    if (names.has('report.json') || names.has('tape.jsonl')) {
      if (seen.has(path)) return true
      seen.add(path)
      const read = names.has('report.json') ? reportAt(join(path, 'report.json')) : 'cut-short'
      if (typeof read === 'string') missing.push({ folder, why: read })
      else placed.push({ report: read, href: reportBeside(path, seenFrom) })
      return true
    }
    const inside = entries.filter((entry) => entry.isDirectory()).map(({ name }) => look(join(folder, name)))
    return inside.includes(true)
  }

  for (const folder of folders) {
    const isThere = statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true
    if (!isThere) missing.push({ folder, why: 'no-folder' })
    else if (!look(folder)) missing.push({ folder, why: 'no-report' })
  }
  return { placed, missing }
}

function entriesOf(path: string): readonly Dirent[] {
  try {
    return readdirSync(path, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  } catch {
    return []
  }
}

/** The report of a file, or why it is none. */
function reportAt(path: string): Report | MissingReport['why'] {
  let text: string
  try {
    // What waits for a writer may wait for ever.
    if (!statSync(path).isFile()) return 'no-json'
    text = readFileSync(path, 'utf8')
  } catch {
    return 'no-json'
  }
  const value = parseJson(text)
  if (value === undefined) return text.trim() === '' ? 'cut-short' : 'no-json'
  return validateReport(value) ? value : 'unknown'
}

function reportBeside(folder: string, seenFrom: string): string | null {
  return existsSync(join(folder, 'report.html')) ? hrefOf(relative(resolve(seenFrom), folder)) : null
}

/** The report.html of a folder as a URL, the folder seen from where the link stands. */
export function hrefOf(folder: string): string {
  return join(folder, 'report.html').split(sep).map(encodeURIComponent).join('/')
}
