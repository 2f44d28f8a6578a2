import type { Answered, Exchange } from '../../suites/harness/wire/exchange.ts'
import { parseJson } from '../../suites/harness/wire/json.ts'
import { judgedAs } from './demands.ts'
import type { Random } from './random.ts'
import type { Recorded } from './recorded.ts'
import { swollen } from './tree.ts'

/* What an answer costs when it grows: as much for each byte as before. Measured, so no test of the project does this. */

/** Characters of the sizes that are compared, each four times the one before. */
const sizes = [128 * 1024, 512 * 1024, 2048 * 1024] as const

/** How much dearer a byte may become from one size to the next: what grows with the square makes it four times. */
const most = 2.5

/**
 * Says how a byte of an answer that grows becomes dearer; null where it does not. Looks at the larger sizes only where the smaller ones
 * already do.
 */
export function superlinear({ all }: Recorded, random: () => Random): string | null {
  const [small, medium, large] = sizes
  const first = costs(all, random, small)
  const second = costs(all, random, medium)
  if (second < most * first) return null
  const third = costs(all, random, large)
  if (third < most * second) return null
  const said = [first, second, third].map((cost) => `${(cost * 1e6).toFixed(0)} ns`).join(', ')
  return `a byte of ${named(all, random)} costs ${said} at ${sizes.map((size) => `${size / 1024} kB`).join(', ')}`
}

function named(all: readonly Exchange[], random: () => Random): string {
  return random().pick(all).fixture
}

/** Milliseconds of the processor for a byte, the least of three times. */
function costs(all: readonly Exchange[], random: () => Random, characters: number): number {
  const choices = random()
  const exchange = choices.pick(all)
  const { came } = exchange
  if (came.kind === 'nothing') return 0
  const body = grown(came, choices, characters)
  const taken = [1, 2, 3].map(() => {
    const fresh = { ...exchange, came: { ...came, body, chunks: [[1, body.length] as const] } }
    const before = process.cpuUsage()
    judgedAs([fresh])
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  })
  return Math.min(...taken) / body.length
}

/** The body, of which one value, or a run of events, is repeated until it has so many characters. */
function grown({ body }: Answered, choices: Random, characters: number): Uint8Array {
  const text = Buffer.from(body).toString()
  const value = parseJson(text)
  if (value !== undefined) return Buffer.from(JSON.stringify(swollen(value, choices, characters)))
  const events = text.split('\n\n')
  const [from, length] = [choices.below(events.length), 1 + choices.below(3)]
  const run = `${events.slice(from, from + length).join('\n\n')}\n\n`
  const around = [events.slice(0, from), events.slice(from + length)].map((some) => some.join('\n\n'))
  return Buffer.from(around.join(`\n\n${run.repeat(Math.ceil(characters / run.length))}`))
}
