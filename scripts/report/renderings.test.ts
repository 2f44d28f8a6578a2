import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { lacking, type Need } from '../../suites/self/complete.ts'
import { typed } from '../typed.ts'
import { renderedFiles } from './files.ts'
import { renderings } from './renderings.ts'

const text = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const help = (await typed('check --help')).out

/** What a report is rendered into needs more than a row in the table. */
const needs: readonly Need[] = [
  { what: 'a function in scripts/report/renderings.ts', isMet: (file) => Object.hasOwn(renderings, file) },
  { what: 'its name in check --help, which reads scripts/report/files.ts', isMet: (file) => help.includes(file) },
  {
    what: 'its name where README.md and README.zh-CN.md say what --out writes',
    isMet: (file) => [text('README.md'), text('README.zh-CN.md')].every((page) => page.includes(`\`${file}\``)),
  },
  {
    what: 'to be read back in scripts/report/outputs.test.ts, which holds all renderings to one another',
    isMet: (file) => text('scripts/report/outputs.test.ts').includes(`'${file}': (`),
  },
]

test('every rendering has all it needs, and a new one is told', () => {
  expect(lacking('rendering', renderedFiles, needs)).toEqual([])
  expect(lacking('rendering', ['report.sarif'], needs)).toEqual(
    needs.map(({ what }) => `the rendering report.sarif needs ${what}`),
  )
})
