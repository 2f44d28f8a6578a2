/** What was given to us cannot be used: an option, a file, a variable. One clear sentence, shown as it is; it never holds a secret. */
export class InputError extends Error {
  override readonly name = 'InputError'
}
