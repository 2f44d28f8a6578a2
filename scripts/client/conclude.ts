import type { ClientReport, ClientState, ClientTried } from '../../schemas/types.ts'

/** How often each state was met. */
export function countStates(tried: readonly Pick<ClientTried, 'state'>[]): ReadonlyMap<ClientState, number> {
  const counts = new Map<ClientState, number>()
  for (const { state } of tried) counts.set(state, (counts.get(state) ?? 0) + 1)
  return counts
}

/** The stop_reasons that told of what a command lost silently: one for each gateway where they did. */
export function stopsUnheard(tried: readonly Pick<ClientTried, 'state' | 'stopped'>[]): readonly string[] {
  return tried.flatMap(({ state, stopped }) => (state === 'loses-silently' && stopped !== undefined ? [stopped] : []))
}

/** What is wrong with a client, whatever gateway it meets. */
export const failing: readonly ClientState[] = ['loses-silently', 'hangs']

/**
 * What follows: 1 where something is lost silently or it hangs, 2 where nothing can be said since it met nothing that is otherwise, or
 * was not tried with all, else 0. That it trips over something legal may be the better choice, and fails nobody.
 */
export function exitCodeOf(
  tried: readonly Pick<ClientTried, 'state'>[],
  ending: ClientReport['ending'],
): ClientReport['conclusion']['exitCode'] {
  if (ending === 'interrupted') return 2
  if (tried.some(({ state }) => failing.includes(state))) return 1
  return tried.some(({ state }) => state !== 'not-provoked') ? 0 : 2
}
