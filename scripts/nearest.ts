/** The candidate that differs from a word by the fewest letters; null where none is close enough to be meant. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  let best: string | null = null
  let least = Math.max(2, Math.floor(word.length / 3)) + 1
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate)
    if (distance < least) {
      least = distance
      best = candidate
    }
  }
  return best
}

/**
 * The sentence for a word that names nothing there is. It is said back only where it resembles a name: anything else may be a key that
 * was typed in the wrong place.
 */
export function noSuch(what: string, word: string, among: readonly string[]): string {
  const near = nearest(word, among)
  return near === null ? `There is no ${what} of that name.` : `There is no ${what} ${word}. Did you mean ${near}?`
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const substituted = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(substituted, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
