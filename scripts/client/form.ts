import { isObject, parseJson } from '../../suites/harness/wire/json.ts'

/** One request of a client, as it arrived. */
export interface Asked {
  readonly method: string
  /** Path and query below the Base URL. */
  readonly path: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: string | null
}

/**
 * What a client does when it tries something else: it asks for another thing, in the other mode, with other fields, or with more or
 * less of the conversation. What the texts say is no part of it: dates, session ids and folders differ from run to run.
 */
export function formOf({ method, path, body }: Asked): string {
  const [pathname = ''] = path.split('?', 1)
  const json = body === null ? undefined : parseJson(body)
  if (!isObject(json)) return `${method} ${pathname}`
  const { stream, messages } = json
  const turns = Array.isArray(messages) ? messages.length : 0
  return `${method} ${pathname} ${stream === true ? 'stream' : 'json'} ${turns} ${Object.keys(json).toSorted().join()}`
}

function counts(forms: readonly string[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>()
  for (const form of forms) sums.set(form, (sums.get(form) ?? 0) + 1)
  return sums
}

/** Whether some form stands there more often than in every one of the others. */
export function asksAgain(forms: readonly string[], others: readonly (readonly string[])[]): boolean {
  const known = others.map(counts)
  return [...counts(forms)].some(([form, sum]) => sum > 1 && known.every((other) => sum > (other.get(form) ?? 0)))
}

/** Whether these are other forms than each of the others, in whatever order. */
export function asksOtherwise(forms: readonly string[], others: readonly (readonly string[])[]): boolean {
  const sorted = forms.toSorted().join('\n')
  return others.every((other) => other.toSorted().join('\n') !== sorted)
}
