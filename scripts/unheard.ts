import { InputError } from '../suites/harness/wire/input-error.ts'

/** An InputError for a port that cannot be had, by default one that --port names; anything else as it is. */
export function unheard(
  port: number,
  error: unknown,
  { inUse, forbidden } = {
    inUse: `Port ${port} is in use; name another by --port, or leave it out for any free one.`,
    forbidden: `Port ${port} may not be listened on; name one above 1023 by --port.`,
  },
): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'EADDRINUSE') return new InputError(inUse)
  return code === 'EACCES' ? new InputError(forbidden) : error
}
