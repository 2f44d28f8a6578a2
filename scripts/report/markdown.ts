import { shortened } from '../../suites/harness/views/finding.ts'
import { printable } from './printable.ts'

/** Text that Markdown takes for nothing else, on one line. */
export function text(given: string): string {
  return printable(given).replaceAll(/[\\`*_{}[\]<>#|!&~@]/g, (mark) => `&#${mark.charCodeAt(0)};`)
}

/** Code on one line, whatever backticks it holds. */
export function code(given: string): string {
  return `<code>${text(shortened(printable(given), 300))}</code>`
}
