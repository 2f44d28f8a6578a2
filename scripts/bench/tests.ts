import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { processorOf } from './programs.ts'
import type { Row } from './table.ts'

/** What vitest writes of a run by --reporter=json, as far as it is looked at. */
export interface TestReport {
  readonly testResults: readonly {
    readonly name: string
    readonly startTime: number
    readonly endTime: number
    readonly assertionResults: readonly { readonly fullName: string; readonly duration?: number | null }[]
  }[]
}

/** Where the report of a run is kept until the next npm ci: it takes minutes, and its shares change little from one bench to the next. */
const reportFile = 'node_modules/.cache/messages-conformance/tests.json'

/** Which test files and which tests take longest: of the run that was reported last, or else of one that is made now. */
export function tests(root: string): readonly Row[] {
  const path = join(root, reportFile)
  const rows: Row[] = []
  if (!existsSync(path)) {
    const before = processorOf().ended
    try {
      execFileSync('npm', ['test', '--', '--reporter=json', `--outputFile=${path}`], { cwd: root, stdio: 'ignore' })
    } catch {
      // Which tests failed is for npm test to say; how long they took is told all the same.
    }
    rows.push({ ...row('npm test', processorOf().ended - before), compared: 'of processor' })
  }
  return [...rows, ...slowest(JSON.parse(readFileSync(path, 'utf8')) as TestReport, root)]
}

const mostNamed = 10

/** The slowest files, and the slowest tests, each with its share of all. */
export function slowest({ testResults }: TestReport, root: string): readonly Row[] {
  const files = testResults.map(({ name, startTime, endTime }) => ({
    what: relative(root, name),
    took: endTime - startTime,
  }))
  const each = testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, duration }) => ({
      what: `${relative(root, name)}: ${fullName}`,
      took: duration ?? 0,
    })),
  )
  const all = files.reduce((sum, { took }) => sum + took, 0)
  return [files, each].flatMap((some) =>
    some
      .toSorted((a, b) => b.took - a.took)
      .slice(0, mostNamed)
      .map(({ what, took }) => ({
        ...row(what, took),
        compared: `${Math.round((100 * took) / all)} % of all test files`,
      })),
  )
}

function row(what: string, milliseconds: number): Row {
  return { what, ours: `${(milliseconds / 1000).toFixed(1)} s`, compared: '', ratio: null }
}
