import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import axe from 'axe-core'
import { chromium, type Browser, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { alterHeaders, alterMessage } from '../../fixtures/gateways/alter.ts'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { defaultKey, defaultModel } from '../../fixtures/gateways/reference/identity.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { serve } from '../../fixtures/gateways/serve.ts'
import type { Report } from '../../schemas/types.ts'
import { scratch, serving } from '../../suites/self/scratch.ts'
import { typed } from '../typed.ts'
import { chromiumPath } from './chromium.ts'

/* report.html in a real browser: what a gateway broken in many ways, and out to harm, looks like. */

const executablePath = chromiumPath()

const evil =
  '<script>window.harm = 1</script><img src="https://evil.example/x" onerror="window.harm = 2">\u202E"\'><b id=harm>'

/** Broken in more than twenty ways, none of which hides the others, and with markup wherever it can speak. */
function broken() {
  const ids = [
    'tools/end-turn',
    'transport/request-id-constant',
    'tools/ids-alike',
    'errors/no-request-id',
    'vision/dropped',
    'errors/unknown-model-502',
    'transport/public-cache',
    'tools/none-ignored',
    'tools/disable-parallel-ignored',
    'integrity/other-family',
    'models/limit-ignored',
    'models/one-bare',
    'documents/pdf-dropped',
    'thinking/in-text',
    'caching/any-number',
    'errors/upstream-key',
    'vision/anything-goes',
    'thinking/unsigned',
    'documents/citations-shifted',
    'tools/input-in-start',
    'tools/name-cut',
  ]
  const all = ids.map((id) => faults.find((fault) => fault.id === id)!.over)
  const faulty = all.reduce((gateway, over) => over(gateway), createReference())
  return alterHeaders((headers) => [...headers, ['x-evil', '<script>window.harm = 3</script>']])(
    alterMessage((message) => ({ ...message, id: evil, stop_reason: evil }))(faulty),
  )
}

describe.skipIf(executablePath === undefined)('report.html in Chromium (CHROMIUM names another one)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'html-'))
  const file = join(folder, 'report.html')
  let browser: Browser
  let report: Report

  beforeAll(async () => {
    const server = await serve(broken())
    const line = `check --base-url ${server.url} --model ${defaultModel} --profile full --out ${folder}`
    await typed(line, { GATEWAY_API_KEY: defaultKey })
    await server.close()
    report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8')) as Report
    browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'], timeout: 0 })
  })

  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true })
  })

  async function opened(options: { width?: number; dark?: boolean; hash?: string } = {}) {
    const page = await browser.newPage({
      viewport: { width: options.width ?? 1280, height: 900 },
      colorScheme: options.dark ? 'dark' : 'light',
    })
    page.setDefaultTimeout(0)
    const asked: string[] = []
    const errors: string[] = []
    page.on('request', (request) => asked.push(request.url()))
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('console', (message) => errors.push(message.text()))
    page.on('dialog', (dialog) => void dialog.dismiss())
    await page.goto(pathToFileURL(file).href + (options.hash ?? ''))
    return { page, asked, errors }
  }

  const broke = (): string[] => report.verdicts.filter(({ outcome }) => outcome === 'broken').map(({ id }) => id)
  const shown = (page: Page): Promise<string[]> =>
    page.$$eval('tr[data-id]:not([hidden])', (rows) => rows.map((row) => row.getAttribute('data-id') ?? ''))

  test('shows every verdict, and a finding for each that is broken', async () => {
    const { page, errors } = await opened()
    expect(await shown(page)).toEqual(report.verdicts.map(({ id }) => id))
    const findings = await page.$$eval('details.finding', (all) => all.map(({ id }) => id))
    expect(findings.toSorted()).toEqual(broke().toSorted())
    expect(findings.length).toBeGreaterThan(20)
    expect(await page.textContent('.verdict')).toContain(
      'This gateway does not keep the promises of full. Exit code 1.',
    )
    expect(await page.$$eval('ol.events li.here', (all) => all.length)).toBeGreaterThan(0)
    for (const field of ['ol.events li.here mark', 'details > pre > mark'])
      expect(await page.$$eval(field, (all) => all.length), field).toBeGreaterThan(0)
    expect(errors).toEqual([])
  })

  test('asks the network for nothing, and runs no script of a gateway', async () => {
    const { page, asked, errors } = await opened()
    await page.$$eval('details', (all) => all.forEach((one) => one.setAttribute('open', '')))
    expect(await page.evaluate('window.harm')).toBeUndefined()
    expect(await page.$('#harm')).toBeNull()
    expect(await page.textContent('body')).toContain('<script>window.harm = 1</script>')
    expect(asked).toEqual([pathToFileURL(file).href])
    expect(errors).toEqual([])
  })

  test('filters by words, outcome and level, and shows all again', async () => {
    const { page } = await opened()
    await page.fill('input[type=search]', 'streaming/')
    expect((await shown(page)).every((id) => id.startsWith('streaming/'))).toBe(true)
    await page.click('button[type=reset]')
    await page.uncheck('input[value=holds]')
    await page.uncheck('input[value=unjudged]')
    await page.uncheck('input[value=noted]')
    await page.uncheck('input[value=should]')
    const musts = report.verdicts.filter(({ outcome, level }) => outcome === 'broken' && level === 'must')
    expect(await shown(page)).toEqual(musts.map(({ id }) => id))
    expect(await page.textContent('#count')).toBe(`${musts.length} of ${report.verdicts.length} requirements shown`)
    await page.click('button[type=reset]')
    await page.click('a[data-area=tools]')
    expect((await shown(page)).every((id) => id.startsWith('tools/'))).toBe(true)
  })

  test('opens what a link leads to', async () => {
    const last = broke().at(-1) ?? ''
    const { page } = await opened({ hash: `#${last}` })
    expect(await page.$eval(`[id="${last}"]`, (one) => one.hasAttribute('open'))).toBe(true)
  })

  test('works by keyboard', async () => {
    const { page } = await opened()
    const summary = page.locator('details.finding > summary').nth(1)
    await summary.focus()
    await page.keyboard.press('Enter')
    expect(
      await page
        .locator('details.finding')
        .nth(1)
        .evaluate((one) => one.hasAttribute('open')),
    ).toBe(true)
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.tagName')).toBe('A')
  })

  test.for([
    { width: 1280, dark: false },
    { width: 1280, dark: true },
    { width: 390, dark: false },
    { width: 390, dark: true },
  ])('passes axe-core, and fits: %o', async (options) => {
    const { page } = await opened(options)
    await page.$$eval('details.finding', (all) => all.slice(0, 4).forEach((one) => one.setAttribute('open', '')))
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(options.width)
    // As a function of the driver: the page's own policy lets no other script in.
    await page.evaluate(axe.source)
    const { violations } = (await page.evaluate('axe.run()')) as axe.AxeResults
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 120))])).toEqual([])
  })

  test('prints with everything open', async () => {
    const { page } = await opened()
    await page.evaluate('dispatchEvent(new Event("beforeprint"))')
    expect(await page.$$eval('details:not([open])', (all) => all.length)).toBe(0)
  })

  describe.for([
    { width: 1280, height: 800 },
    { width: 390, height: 844 },
  ])('at %o', (viewport) => {
    const five = ['usage/missing', 'errors/detail', 'tools/end-turn', 'auth/any-bearer', 'validation/fails']

    /** report.html of a check, in a window of this size. */
    async function shown(gateway: Gateway, key = defaultKey): Promise<Page> {
      const out = scratch()
      const base = await serving(gateway)
      await typed(`check --base-url ${base} --model ${defaultModel} --quiet --out ${out}`, { GATEWAY_API_KEY: key })
      const page = await browser.newPage({ viewport })
      page.setDefaultTimeout(0)
      await page.goto(pathToFileURL(join(out, 'report.html')).href)
      return page
    }
    const bottomOf = (page: Page, selector: string): Promise<number> =>
      page.$$eval(selector, (all) => Math.max(...all.map((one) => one.getBoundingClientRect().bottom)))

    test('what is wrong and who breaks is on the first screen, and each cause leads to all of it', async () => {
      const over = five.map((id) => faults.find((fault) => fault.id === id)!.over)
      const page = await shown(over.reduce((gateway, one) => one(gateway), createReference()))
      const causes = await page.$$eval('.causes > li > a.id', (all) => all.map((one) => one.textContent ?? ''))
      expect(causes.length).toBeGreaterThanOrEqual(5)
      if (viewport.width === 1280) {
        expect(await bottomOf(page, '.causes > li:nth-child(-n + 5), #clients + table')).toBeLessThanOrEqual(
          viewport.height,
        )
        expect(await bottomOf(page, '.bars')).toBeLessThanOrEqual(viewport.height)
      }
      expect(await bottomOf(page, '.counts')).toBeLessThanOrEqual(viewport.height)
      expect(await page.textContent('.counts')).toMatch(/[1-9]\d* broken must.*[1-9]\d* hold/s)
      await page.click('.causes > li:last-child > a.id')
      expect(await page.$eval(`[id="${causes.at(-1)}"]`, (one) => one.hasAttribute('open'))).toBe(true)
    })

    test('a run that was stopped is one screen', async () => {
      const page = await shown(createReference(), 'another-key-of-24-letters')
      expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThanOrEqual(viewport.height)
      expect(await page.textContent('.verdict')).toContain('answered 401')
      expect(await page.$$('details[open]')).toEqual([])
    })
  })

  test('areas in which nothing is broken are folded, and opened by what leads into them', async () => {
    const areas = (page: Page) =>
      page.$$eval('details.area', (all) =>
        all.map((one) => [one.hasAttribute('open'), one.querySelector('[data-outcome=broken]') !== null]),
      )
    const { page } = await opened()
    for (const [isOpen, isBroken] of await areas(page)) expect(isOpen).toBe(isBroken)
    expect((await areas(page)).flat()).toContain(false)
    const held = report.verdicts.find(
      ({ id, outcome }) => outcome === 'holds' && !broke().some((other) => other.split('/')[0] === id.split('/')[0]),
    )
    const there = await opened({ hash: `#${held?.id}` })
    expect(await there.page.isVisible(`[id="${held?.id}"]`)).toBe(true)
  })
})
