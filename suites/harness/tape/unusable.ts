import { InputError } from '../wire/input-error.ts'

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file or folder'],
  ['ENOTDIR', 'a file stands where a folder should be'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the quota of the disk is used up'],
  ['EPIPE', 'its reader closed it'],
  ['EBADF', 'it is closed'],
])

/** What the operating system says of a file or a stream, as an InputError that names it; anything else as it is. */
export function unusable(what: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : null
  return code === null ? error : new InputError(`${what} cannot be used: ${reasons.get(code) ?? code}.`)
}

/** Uses a file; what the operating system says against it is an InputError that names it. */
export function fileAt<T>(path: string, use: () => T): T {
  try {
    return use()
  } catch (error) {
    throw unusable(path, error)
  }
}
