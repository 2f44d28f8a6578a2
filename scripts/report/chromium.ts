import { existsSync } from 'node:fs'

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The browser that shows report.html: what CHROMIUM names, else where it usually stands; undefined where there is none. */
export function chromiumPath(): string | undefined {
  return [process.env['CHROMIUM'], ...usual].find((path) => path !== undefined && existsSync(path))
}
