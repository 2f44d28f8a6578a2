import { createHash } from 'node:crypto'
import { markup, trusted, type Markup } from './markup.ts'
import type { Words } from './words/en.ts'

export interface Page {
  readonly title: string
  readonly header: Markup
  readonly main: Markup
  /** Ours: a style sheet, and the one script that may run. */
  readonly style: string
  readonly script: string
}

/**
 * A page as one HTML file that opens offline. Whatever a gateway or a target chose is text in it, and a content security policy lets no
 * script run but the one that filters.
 */
export function pageOf({ title, header, main, style, script }: Page, { tag }: Words): string {
  const hash = createHash('sha256').update(script).digest('base64')
  return markup`<!doctype html>
<html lang="${tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${trusted(hash)}'; base-uri 'none'; form-action 'none'">
<title>${title}</title>
<style>${trusted(style)}</style>
</head>
<body>
<header>
${header}
</header>
<main>
${main}
</main>
<script>${trusted(script)}</script>
</body>
</html>
`.markup
}
