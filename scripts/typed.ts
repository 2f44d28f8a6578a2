import { runCommand } from './command.ts'

export interface Ran {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Runs a command as if it were typed, in an environment that holds nothing but what is given. For tests. */
export async function typed(
  line: string | readonly string[],
  environment: Record<string, string> = {},
  width = 100,
): Promise<Ran> {
  let out = ''
  let err = ''
  const argv = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line
  const code = await runCommand(argv, {
    environment: { npm_lifecycle_event: 'check', ...environment },
    out: (text) => (out += text),
    err: (text) => (err += text),
    flush: () => Promise.resolve(null),
    width,
    terminal: false,
  })
  return { code, out, err }
}
