import type { Matrix, MatrixRow, MissingReport, Report, RunRecord } from '../../schemas/types.ts'
import { byArea } from '../report/verdicts.ts'
import { tool } from '../tool.ts'
import { recordOf, runKey, targetKey } from './record.ts'
import { newlyBroken, trendOf } from './trend.ts'

/** A report, and where its report.html is, as a URL seen from the matrix; null for one that has none. */
export interface Placed {
  readonly report: Report
  readonly href: string | null
}

export interface ToLayOut {
  readonly placed: readonly Placed[]
  /** Records of earlier runs, of these targets and of others. */
  readonly records?: readonly RunRecord[]
  readonly missing?: readonly MissingReport[]
  /** How many targets a run did not come to. */
  readonly left?: number
  /** Whether the run that was to judge them all was interrupted. */
  readonly interrupted?: boolean
}

/**
 * Several reports as one matrix: a row a target, by its newest run, and what got worse first. Older runs of a target are its trend. A
 * run counts once, however often its report was found.
 */
export function matrixOf({ placed, records = [], missing = [], left = 0, interrupted = false }: ToLayOut): Matrix {
  const runs = [...new Map(placed.map((one) => [runKey(one.report), one])).values()]
  const known = byTarget([...records, ...runs.map(({ report }) => recordOf(report))], (record) => record)
  const rows = [...byTarget(runs, ({ report }) => report).values()].flatMap((own) => {
    const newest = own.toSorted((a, b) => Date.parse(b.report.started) - Date.parse(a.report.started))[0]
    return newest ? [rowOf(newest, known.get(targetKey(newest.report)) ?? [])] : []
  })
  const count = (code: number): number => rows.filter(({ exitCode }) => exitCode === code).length
  return {
    tool,
    rows: rows.toSorted(worseFirst),
    missing: [...missing],
    left,
    conclusion: {
      exitCode: interrupted || left > 0 ? 2 : worst(rows, missing),
      kept: count(0),
      broken: count(1),
      notProven: count(2),
      worse: rows.filter((row) => worseIn(row) > 0).length,
    },
    complete: true,
  }
}

function byTarget<T>(
  items: readonly T[],
  of: (item: T) => Parameters<typeof targetKey>[0],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) {
    const key = targetKey(of(item))
    const group = groups.get(key)
    if (group) group.push(item)
    else groups.set(key, [item])
  }
  return groups
}

/** One exit code for all: 1 beats 2 beats 0, and what is missing is not proven. */
function worst(rows: readonly MatrixRow[], missing: readonly MissingReport[]): 0 | 1 | 2 {
  const codes = rows.map(({ exitCode }) => exitCode)
  if (codes.includes(1)) return 1
  return codes.includes(2) || missing.length > 0 || rows.length === 0 ? 2 : 0
}

const codeOrder = { 1: 0, 2: 1, 0: 2 } as const

function worseFirst(a: MatrixRow, b: MatrixRow): number {
  return (
    worseIn(b) - worseIn(a) ||
    codeOrder[a.exitCode] - codeOrder[b.exitCode] ||
    brokenMusts(b) - brokenMusts(a) ||
    b.broken.length - a.broken.length ||
    (nameOf(a) < nameOf(b) ? -1 : 1)
  )
}

/** How many requirements broke in the newest run. */
function worseIn({ trend }: MatrixRow): number {
  return trend ? newlyBroken(trend).length : 0
}

/** How many musts are broken, and not waived. */
export function brokenMusts({ broken }: MatrixRow): number {
  return broken.filter(({ level }) => level === 'must').length
}

/** Whether anything came of a run. */
export function wasJudged({ areas }: MatrixRow): boolean {
  return areas.some(({ holds, broken }) => holds + broken > 0)
}

/** What each of these rows is called beside the others: with its model where its name alone is another one's too. */
export function namesAmong(rows: readonly MatrixRow[]): (row: MatrixRow) => string {
  const seen = new Set<string>()
  const shared = new Set<string>()
  for (const name of rows.map(nameOf)) (seen.has(name) ? shared : seen).add(name)
  return (row) => {
    const name = nameOf(row)
    return shared.has(name) ? `${name} ${row.target.model}` : name
  }
}

/** What a row is called: the name in a target file, else the address. */
export function nameOf({ target: { name, baseUrl, model } }: MatrixRow): string {
  return name ?? baseUrl ?? model
}

function rowOf({ report, href }: Placed, records: readonly RunRecord[]): MatrixRow {
  const { target, profile, started, ending, verdicts, capabilities, clients, conclusion, diagnosis } = report
  const upToNow = records.filter((record) => Date.parse(record.started) <= Date.parse(started))
  const trend = trendOf(upToNow)
  const order = { must: 0, should: 1, may: 2 }
  return {
    target,
    profile,
    started,
    ending,
    exitCode: conclusion.exitCode,
    conformant: conclusion.conformant,
    reached: conclusion.reached,
    ...(diagnosis && { diagnosis: diagnosis.kind }),
    broken: verdicts
      .filter(({ outcome, waived }) => outcome === 'broken' && !waived)
      .map(({ id, level }) => ({ id, level, fails: conclusion.failing.includes(id) }))
      .toSorted((a, b) => order[a.level] - order[b.level]),
    areas: byArea(verdicts).map(([area, own]) => {
      const count = (outcome: string): number => own.filter((verdict) => verdict.outcome === outcome).length
      return {
        area,
        holds: count('holds'),
        broken: count('broken'),
        unjudged: count('unjudged'),
        'not-applicable': count('not-applicable'),
        noted: count('noted'),
      }
    }),
    capabilities: Object.fromEntries(Object.entries(capabilities).map(([name, { state }]) => [name, state])),
    clients: Object.fromEntries(Object.entries(clients).map(([name, { status, ids }]) => [name, { status, ids }])),
    ...(href !== null && { report: href }),
    ...(trend && { trend }),
  }
}
