/** A piece of work that waits for others, by name; those of one `group` begin at the same moment. */
export interface Scheduled {
  readonly name: string
  readonly dependsOn: readonly string[]
  readonly group?: string | undefined
}

/**
 * Runs each piece as soon as those it depends on are done, at most `width` at once (a group counts as one, however large). What is
 * not among the pieces counts as done. Pieces that wait for each other in a circle are never run.
 */
export async function schedule<T extends Scheduled>(
  pieces: readonly T[],
  width: number,
  run: (piece: T) => Promise<void>,
): Promise<void> {
  const units = grouped(pieces)
  const unfinished = new Set(pieces.map(({ name }) => name))
  const underWay = new Set<Promise<void>>()
  for (;;) {
    for (const unit of units) {
      if (underWay.size >= width) break
      const own = new Set(unit.map(({ name }) => name))
      if (unit.some(({ dependsOn }) => dependsOn.some((name) => unfinished.has(name) && !own.has(name)))) continue
      units.delete(unit)
      const done = Promise.all(unit.map(run)).then(() => {
        for (const name of own) unfinished.delete(name)
        underWay.delete(done)
      })
      underWay.add(done)
    }
    if (underWay.size === 0) return
    await Promise.race(underWay)
  }
}

function grouped<T extends Scheduled>(pieces: readonly T[]): Set<readonly T[]> {
  const groups = new Map<string, T[]>()
  for (const piece of pieces) {
    const key = piece.group === undefined ? `one ${piece.name}` : `all ${piece.group}`
    groups.set(key, [...(groups.get(key) ?? []), piece])
  }
  return new Set(groups.values())
}
