import type { Answered, Exchange } from './exchange.ts'

/** The value of a response header, whatever its case; undefined where it is absent. */
export function header({ headers }: Answered, name: string): string | undefined {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1]
}

/** Whether an absent header says anything: recorders of other people's traffic leave some out. */
export function wholeHeaders({ origin }: Exchange): boolean {
  return origin === 'gathered'
}
