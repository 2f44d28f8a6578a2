/** What a command may touch of the process it runs in: tests hand it another one. */
export interface Io {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** Columns to wrap at. */
  readonly width: number
  /** Whether stderr is a terminal, on which a line can be written over. */
  readonly terminal: boolean
}

export const processIo: Io = {
  environment: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  width: process.stdout.columns ?? 100,
  terminal: process.stderr.isTTY === true && process.env['CI'] === undefined,
}
