import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Matrix, MatrixRow } from '../../../schemas/types.ts'
import { scratch } from '../../../suites/self/scratch.ts'
import { chromiumPath } from '../chromium.ts'
import { en } from '../words/en.ts'
import { zh } from '../words/zh.ts'
import { matrixHtml } from './html.ts'

/* index.html in a real browser, of targets whose names are out to harm. */

const executablePath = chromiumPath()
const evil = '<img src=x onerror="window.harm = 1">"\'><script>window.harm = 2</script>\u202E'

function row(name: string, exitCode: 0 | 1 | 2, more: Partial<MatrixRow> = {}): MatrixRow {
  return {
    target: { kind: 'gateway', name, baseUrl: 'https://gateway.example', model: name === evil ? evil : 'm' },
    ...{ profile: 'sdk', started: '2026-11-24T00:00:00.000Z', ending: 'complete', exitCode },
    ...{ conformant: exitCode === 0, reached: exitCode === 0 ? 'sdk' : null },
    broken: exitCode === 1 ? [{ id: 'streaming/ends', level: 'must', fails: true }] : [],
    areas: ['streaming', 'tools', evil].map((area, at) => ({
      ...{ area, holds: 3, broken: exitCode === 1 && at === 0 ? 1 : 0, unjudged: 0, 'not-applicable': 0, noted: 0 },
    })),
    capabilities: { tools: 'shown', vision: 'declined', [evil]: 'broken' },
    clients: { 'python-sdk': { status: exitCode === 1 ? 'breaks' : 'works', ids: [] } },
    report: 'folder/report.html',
    ...more,
  }
}

const matrix: Matrix = {
  tool: { name: 'messages-conformance', version: '0.0.0' },
  rows: [
    row('生产', 1, {
      trend: {
        runs: Array.from({ length: 10 }, (_, day) => ({
          started: new Date(Date.UTC(2026, 10, day + 1)).toISOString(),
          ...{ exitCode: 1 as const, firstToken: 100 + day * 10, longestGap: 30 },
        })),
        requirements: [
          {
            ...{ id: 'streaming/ends', is: 'broken', since: 3, changes: 1 },
            outcomes: Array.from({ length: 10 }, (_, day) => (day < 3 ? 'holds' : 'broken')),
          },
        ],
      },
    }),
    row(evil, 1),
    row('dead', 2, { diagnosis: 'refused', areas: [], capabilities: {}, clients: {} }),
    ...Array.from({ length: 9 }, (_, at) => row(`kept ${at}`, 0)),
  ],
  missing: [{ folder: evil, why: 'cut-short' }],
  left: 0,
  conclusion: { exitCode: 1, kept: 9, broken: 2, notProven: 1, worse: 0 },
  complete: true,
}

describe.skipIf(executablePath === undefined)('index.html in Chromium (CHROMIUM names another one)', () => {
  let browser: Browser

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'], timeout: 0 })
  })
  afterAll(() => browser.close())

  async function opened({ width = 1280, dark = false, words = en, scripts = true } = {}) {
    const file = join(scratch(), 'index.html')
    writeFileSync(file, matrixHtml(matrix, words))
    const page = await browser.newPage({
      viewport: { width, height: 800 },
      colorScheme: dark ? 'dark' : 'light',
      javaScriptEnabled: scripts,
    })
    page.setDefaultTimeout(0)
    const asked: string[] = []
    const errors: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => errors.push(message.text()))
    const url = pathToFileURL(file).href
    await page.goto(url)
    return { page, asked, errors, url }
  }
  const shown = (page: Page): Promise<string[]> =>
    page.$$eval('table.fleet tr[data-row]:not([hidden]) strong', (all) => all.map((one) => one.textContent ?? ''))

  test('runs no script of a target, and asks the network for nothing', async () => {
    const { page, asked, errors, url } = await opened()
    expect(await page.evaluate('window.harm')).toBeUndefined()
    expect(await page.textContent('body')).toContain('<script>window.harm = 2</script>')
    expect(await page.textContent('body')).not.toContain('\u202E')
    expect([asked, errors]).toEqual([[url], []])
  })

  test('broken ones stand first, and are on the first screen', async () => {
    const { page } = await opened()
    expect(await shown(page)).toHaveLength(12)
    expect((await shown(page))[0]).toBe('生产')
    const bottom = await page.$eval('table.fleet tr[data-exit="2"]', (one) => one.getBoundingClientRect().bottom)
    expect(bottom).toBeLessThanOrEqual(800)
  })

  test('filters by words and by what a run came to, in every table, and shows all again', async () => {
    const { page } = await opened()
    await page.fill('input[type=search]', 'KEPT')
    expect(await shown(page)).toHaveLength(9)
    expect(await page.textContent('#count')).toBe('9 of 12 targets shown')
    await page.click('button[type=reset]')
    await page.uncheck('input[value="0"]')
    expect(await shown(page)).toHaveLength(3)
    const others = await page.$$eval('table.cells tr[data-row]:not([hidden])', (all) =>
      all.map((one) => one.getAttribute('data-exit')),
    )
    expect(new Set(others)).toEqual(new Set(['1', '2']))
    await page.fill('input[type=search]', 'streaming/ends')
    expect(await shown(page)).toHaveLength(2)
  })

  test('shows all of it without a script', async () => {
    const { page } = await opened({ scripts: false })
    expect(await page.locator('table.fleet tr[data-row]').count()).toBe(12)
    expect(await page.locator('form').isVisible()).toBe(false)
    expect(await page.locator('tr[data-row][hidden]').count()).toBe(0)
  })

  test.for([
    { width: 1280, dark: false, words: en },
    { width: 1280, dark: true, words: zh },
    { width: 390, dark: false, words: zh },
    { width: 390, dark: true, words: en },
  ])('passes axe-core, and fits: $width dark $dark $words.tag', async (options) => {
    const { page } = await opened(options)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(options.width)
    await page.evaluate(axe.source)
    const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 120))])).toEqual([])
  })
})
