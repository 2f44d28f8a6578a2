import { redactor } from '../../suites/harness/tape/redact.ts'
import { toJson } from '../../suites/harness/wire/json.ts'
import { secretsOf } from '../../suites/run/secrets.ts'
import { badge } from './badge.ts'
import type { RenderedFile } from './files.ts'
import { html } from './html.ts'
import { junit } from './junit.ts'
import type { ToShow } from './shown.ts'
import { summary } from './summary.ts'

/** What a report is rendered into, a file each; null where this report has nothing for it. */
export const renderings: Readonly<Record<RenderedFile, (run: ToShow) => string | null>> = {
  'report.html': html,
  'junit.xml': ({ report }) => junit(report),
  'summary.md': summary,
  'badge.json': ({ report }) => {
    const sign = badge(report)
    return sign && `${toJson(sign)}\n`
  },
  'report.json': ({ report }) => `${toJson(report, 2)}\n`,
}

/** The text of a rendering as it may leave: what it was made of is redacted, and so is what was made of it. */
export function rendered(file: RenderedFile, run: ToShow): string | null {
  const text = renderings[file](run)
  if (text === null) return null
  const redact = redactor(secretsOf(run.target))
  return /\.(?:html|xml)$/.test(file) ? inMarkup(text, redact.text) : redact.text(text)
}

/** Changes what stands between tags and in attributes: tags, style and script are ours, whatever a secret may have in common with them. */
function inMarkup(text: string, change: (text: string) => string): string {
  return text
    .split(/(<style>[^]*?<\/style>|<script>[^]*?<\/script>|<[^>]*>)/)
    .map((part, index) => {
      if (index % 2 === 0) return change(part)
      return /^<(?:style|script)>/.test(part)
        ? part
        : part.replaceAll(/"([^"]*)"/g, (_, value: string) => `"${change(value)}"`)
    })
    .join('')
}
