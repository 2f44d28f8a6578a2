import { toJson } from '../../suites/harness/wire/json.ts'
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
  'summary.md': ({ report }) => summary(report),
  'badge.json': ({ report }) => {
    const sign = badge(report)
    return sign && `${toJson(sign)}\n`
  },
  'report.json': ({ report }) => `${toJson(report, 2)}\n`,
}
