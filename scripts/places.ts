import { createHash } from 'node:crypto'
import { historyFile, matrixFiles } from './report/files.ts'

/** What tells one run of a target file from the others. */
export interface Named {
  readonly name?: string
  readonly model: string
}

/**
 * A folder for each of several targets, in their order: readable, and no two alike, also where capitals or ways to write an accent
 * make no difference. A name that is safe as it is stays; one that would be another's, or is no folder's name, gets the hash of what it
 * stands for. So the folder of a target does not depend on the order, and only on others where they would share one.
 */
export function foldersOf(targets: readonly Named[]): readonly string[] {
  const wanted = targets.map((target) => {
    const models = targets.filter(({ name }) => name === target.name).length
    const text = models > 1 ? `${target.name ?? ''}-${target.model}` : (target.name ?? target.model)
    const folder = folderOf(text)
    return { text, folder, hashed: `${folder}-${hash(target)}` }
  })
  return wanted.map(({ text, folder, hashed }, index) => {
    const others = wanted.filter((_, place) => place !== index)
    const alike = others.filter((other) => folded(other.folder) === folded(folder))
    const isOwn = alike.length === 0 || (folder === text && alike.every((other) => other.folder !== other.text))
    const isFree = others.every((other) => folded(other.hashed) !== folded(folder))
    return isOwn && isFree && !isReserved(folder) ? folder : hashed
  })
}

/** UTF-8 bytes of a folder's name; file systems take 255. */
const mostBytes = 200

/** Letters and digits of any script stay. */
function folderOf(text: string): string {
  const safe = text
    .replaceAll(/[^\p{L}\p{M}\p{N}_.-]+/gu, '-')
    .replace(/^\.+/, '')
    .replace(/\.+$/, '')
  const named = /[\p{L}\p{N}]/u.test(safe) ? safe : 'target'
  let end = 0
  for (const letter of named) {
    if (Buffer.byteLength(named.slice(0, end + letter.length)) > mostBytes)
      return `${named.slice(0, end)}-${hash(text)}`
    end += letter.length
  }
  return named
}

/** Names that Windows keeps for its devices, with any ending, and those of the files that stand beside the folders. */
function isReserved(folder: string): boolean {
  return beside.has(folded(folder)) || /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i.test(folder)
}

const beside: ReadonlySet<string> = new Set([...matrixFiles, historyFile])

function folded(folder: string): string {
  return folder.normalize('NFKC').toLowerCase()
}

function hash(of: unknown): string {
  return createHash('sha256').update(JSON.stringify(of)).digest('hex').slice(0, 8)
}
