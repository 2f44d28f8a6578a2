import { InputError } from '../suites/harness/wire/input-error.ts'

/** An InputError for a port that cannot be had; anything else as it is. */
export function unheard(port: number, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'EADDRINUSE')
    return new InputError(`Port ${port} is in use; name another by --port, or leave it out for any free one.`)
  if (code === 'EACCES') return new InputError(`Port ${port} may not be listened on; name one above 1023 by --port.`)
  return error
}
