import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { chromium } from 'playwright-core'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { runScript } from '../checkout.ts'
import { typed } from '../typed.ts'
import { chromiumPath } from './chromium.ts'

/* npm run picture: report.html as the README shows it, of the run that it quotes, in Chromium. */

const fault = 'streaming/ends-early'
const picture = fileURLToPath(new URL('picture.png', import.meta.url))

await runScript(async () => {
  const executablePath = chromiumPath()
  if (executablePath === undefined)
    throw new InputError('There is no Chromium here: name one by the variable CHROMIUM.')
  const folder = mkdtempSync(join(tmpdir(), 'picture-'))
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  try {
    await typed(['check', '--fault', fault, '--out', folder])
    const page = await browser.newPage({ viewport: { width: 900, height: 1040 }, colorScheme: 'light' })
    await page.goto(pathToFileURL(join(folder, 'report.html')).href)
    await page.screenshot({ path: picture })
  } finally {
    await browser.close()
    rmSync(folder, { recursive: true })
  }
  process.stdout.write(`${picture}\n`)
  return 0
})
