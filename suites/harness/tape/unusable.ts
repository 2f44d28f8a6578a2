import { InputError } from '../wire/input-error.ts'

const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file or folder'],
  ['EEXIST', 'there is one already'],
  ['ENOTDIR', 'a file stands where a folder should be'],
  ['ENAMETOOLONG', 'its name is too long'],
  ['EISDIR', 'it is a folder'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['EROFS', 'the file system is read-only'],
  ['ENOSPC', 'the disk is full'],
  ['EFBIG', 'it may grow no larger'],
  ['EDQUOT', 'the quota of the disk is used up'],
  ['EPIPE', 'its reader closed it'],
  ['EBADF', 'it is closed'],
])

/** What the operating system says, in words; null for an error that is not its. */
export function reasonOf(error: unknown): string | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : null
  return code === null ? null : (reasons.get(code) ?? code)
}

/** What the operating system says of a file or a stream, as an InputError that names it; anything else as it is. */
export function unusable(what: string, error: unknown): unknown {
  const reason = reasonOf(error)
  return reason === null ? error : new InputError(`${what} cannot be used: ${reason}.`)
}

/** Uses a file; what the operating system says against it is an InputError that names it. */
export function fileAt<T>(path: string, use: () => T): T {
  try {
    return use()
  } catch (error) {
    throw unusable(path, error)
  }
}
