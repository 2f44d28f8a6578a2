import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { InputError } from '../../suites/harness/wire/input-error.ts'

/** A folder of Markdown in which pages of the documentation lie, wherever they lie in it. */
export interface Folder {
  readonly name: string
  /** Paths below the folder, with `/`. */
  readonly files: readonly string[]
}

/** Whatever else lies in a checkout. */
const passedOver = new Set(['.git', 'node_modules'])

/** The Markdown below a folder. Throws an InputError where there is no folder of that name, or no Markdown in it. */
export function openFolder(name: string): Folder {
  if (!statSync(name, { throwIfNoEntry: false })?.isDirectory()) throw new InputError(`${name} is no folder. ${remedy}`)
  const files = markdownBelow(name).map((path) => relative(name, path).split(sep).join('/'))
  if (files.length === 0) throw new InputError(`${name} holds no Markdown. ${remedy}`)
  return { name, files }
}

export const remedy =
  'Give it the documentation as Markdown, such as the folder content of github.com/thevibeworks/claude-code-docs.'

function markdownBelow(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return passedOver.has(entry.name) ? [] : markdownBelow(path)
    return entry.isFile() && /\.mdx?$/.test(entry.name) ? [path] : []
  })
}

/**
 * The texts of a page in the folder: files that say its address in their front matter, or else say none and lie where the address
 * says (`.../api/errors.md`, the pages of Claude Code below `claude-code/`). None where the page is not there.
 */
export function pagesAt(url: string, folder: Folder): readonly string[] {
  const address = url.replace(/#.*$/, '')
  const path = pathOf(address)
  const named = new RegExp(`(?:^|/)${escaped(path.split('/').at(-1) ?? path)}\\.mdx?$`)
  const texts = folder.files
    .filter((file) => named.test(file))
    .map((file) => ({ file, text: readFileSync(join(folder.name, file), 'utf8') }))
  const here = texts.filter(({ file, text }) => {
    const says = addressIn(text)
    return says === null ? new RegExp(`(?:^|/)${escaped(path)}\\.mdx?$`).test(file) : says === address
  })
  return here.map(({ text }) => text)
}

/** The path of a page below the documentation it belongs to. */
function pathOf(address: string): string {
  const { host, pathname } = new URL(address)
  const path = pathname.replace(/^\/docs\/en\//, '').replace(/^\//, '')
  return host === 'code.claude.com' ? `claude-code/${path}` : path
}

/** The address a page says of itself in its front matter. */
function addressIn(text: string): string | null {
  const [, matter = ''] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(text) ?? []
  return /^url:\s*["']?(\S+?)["']?\s*$/m.exec(matter)?.[1] ?? null
}

function escaped(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9/]/g, '\\$&')
}
