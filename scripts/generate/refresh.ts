import { existsSync, readFileSync, writeFileSync } from 'node:fs'

/** Files that are generated, by their path from the root, and how the text of each is made. */
export type Stage = Readonly<Record<string, () => string | Promise<string>>>

/**
 * Brings generated files up to date, in order, and yields the path of each that it wrote. With `check` it writes nothing and yields
 * a sentence for each that is stale. A stage is made of what those before it wrote, so behind one that is stale it is not looked at.
 */
export async function* refresh(stages: readonly Stage[], root: URL, check: boolean): AsyncGenerator<string> {
  let stale = false
  for (const [number, stage] of stages.entries()) {
    for (const [name, write] of Object.entries(stage)) {
      const file = new URL(name, root)
      const text = await write()
      if (existsSync(file) && readFileSync(file, 'utf8') === text) continue
      stale = true
      if (check) yield `${name} is stale: npm run generate`
      else {
        writeFileSync(file, text)
        yield name
      }
    }
    const behind = stages.slice(number + 1).flatMap((next) => Object.keys(next))
    if (!check || !stale || behind.length === 0) continue
    yield `${behind.join(' and ')} would be made of that, and cannot be looked at before.`
    return
  }
}
