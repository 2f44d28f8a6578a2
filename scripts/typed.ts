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
  input: { readonly read?: string; readonly answers?: readonly string[]; readonly onTerminal?: boolean } = {},
): Promise<Ran> {
  let out = ''
  let err = ''
  const argv = typeof line === 'string' ? line.split(' ').filter((word) => word !== '') : line
  const code = await runCommand(argv, {
    environment: { npm_lifecycle_event: 'check', ...environment },
    out: (text) => (out += text),
    print: (text) => (out += text),
    err: (text) => (err += text),
    read: () => Promise.resolve(input.read ?? ''),
    ask: input.answers === undefined ? null : asking(input.answers, (question) => (err += question)),
    flush: () => Promise.resolve(null),
    width,
    onTerminal: input.onTerminal ?? false,
    terminal: false,
  })
  return { code, out, err }
}

/** Somebody who gives these answers, in their order, and then says nothing more. */
function asking(answers: readonly string[], show: (question: string) => void): (question: string) => Promise<string> {
  const left = [...answers]
  return async (question) => {
    show(question)
    const answer = left.shift()
    if (answer === undefined) throw new Error(`Nobody answers: ${question}`)
    return answer
  }
}
