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
 * The sentence for a word that names nothing there is. It is said back only where it resembles a name, or is a part of one: anything
 * else may be a key that was typed in the wrong place.
 */
export function noSuch(what: string, word: string, among: readonly string[]): string {
  const near = likely(word, among)
  return near.length === 0
    ? `There is no ${what} of that name.`
    : `There is no ${what} ${word}. Did you mean ${oneOf(near)}?`
}

const mostNamed = 5

/** What may be meant: the name that is written in other letters, else names that hold the word, else the nearest one, else those of which a part is near, as in `area/part`. */
function likely(word: string, among: readonly string[]): readonly string[] {
  const same = among.filter((name) => name === word.trim().toLowerCase())
  if (same.length > 0) return same
  const holding = word.length > 2 ? among.filter((name) => name.includes(word.toLowerCase())) : []
  if (holding.length > 0) return holding.slice(0, mostNamed)
  const near = nearest(word, among)
  if (near !== null) return [near]
  const part = nearest(word, [...new Set(among.flatMap(partsOf))])
  return part === null ? [] : among.filter((name) => partsOf(name).includes(part)).slice(0, mostNamed)
}

function partsOf(name: string): readonly string[] {
  const parts = name.split('/')
  return parts.length > 1 ? parts : []
}

function oneOf(names: readonly string[]): string {
  return names.length === 1 ? `${names[0]}` : `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`
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
