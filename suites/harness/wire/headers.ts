import type { Exchange, HeaderList } from './exchange.ts'

/** The first value of a header in a list, whatever its case; undefined where it is absent. `name` in lower case. */
export function header(headers: HeaderList, name: string): string | undefined {
  return headers.find(([key]) => key.toLowerCase() === name)?.[1]
}

/** Whether an absent header says anything: recorders of other people's traffic leave some out. */
export function wholeHeaders({ origin }: Exchange): boolean {
  return origin === 'gathered'
}
