import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A file as it is to be, and what is new in it. */
export interface Change {
  readonly path: string
  readonly text: string
  readonly about: readonly string[]
}

/** The files below a folder as they are to be: edited in memory, so that nothing is written where something cannot be. */
export interface Draft {
  has(path: string): boolean
  read(path: string): string
  /** Puts a file there, or changes one; `about` says in a few words what is new. */
  write(path: string, text: string, about: string): void
  changes(): readonly Change[]
}

export function draftOf(folder: string): Draft {
  const drafted = new Map<string, Change>()
  return {
    has: (path) => drafted.has(path) || existsSync(join(folder, path)),
    read: (path) => drafted.get(path)?.text ?? readFileSync(join(folder, path), 'utf8'),
    write: (path, text, about) =>
      drafted.set(path, { path, text, about: [...(drafted.get(path)?.about ?? []), about] }),
    changes: () => [...drafted.values()],
  }
}
