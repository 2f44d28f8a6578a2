import { shortened } from '../../suites/harness/views/finding.ts'

/** Characters of a line that are kept. */
const mostKept = 500

/** The first line of a text that is not that of another one; empty where the text ends before, null where they are the same. */
export function firstOther(text: string, another: string): string | null {
  if (text === another) return null
  const lines = text.split('\n')
  const others = another.split('\n')
  const at = lines.findIndex((line, index) => line !== others[index])
  return shortened(lines[at] ?? '', mostKept)
}

/** The line that says what went wrong, as far as runtimes write one: the last that begins with an error, else the last that says anything. */
export function errorLine(text: string): string | null {
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const line = lines.findLast((one) => /^[\w.]*(?:Error|Exception)\b/i.test(one)) ?? lines.at(-1)
  return line === undefined ? null : shortened(line, mostKept)
}
