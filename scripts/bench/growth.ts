import { timed } from './programs.ts'
import type { Row } from './table.ts'

/** Something whose cost grows with how much of it there is. */
export interface Growing {
  /** What is done, and what there is more of. */
  readonly what: string
  /** 1x, 10x and 100x. */
  readonly sizes: readonly [number, number, number]
  /** The milliseconds of processor that so much takes; with none, what it takes anyway. */
  readonly cost: (size: number) => Promise<number>
}

/** More than this, and what is large today does not end tomorrow. */
const most = 1.1

const rounds = 3

/** How the cost of each grows, as the exponent of its size. */
export async function growth(all: readonly Growing[]): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (const { what, sizes, cost } of all) {
    await cost(sizes[0])
    const took = new Map<number, number>()
    // Whatever disturbs a process only makes it slower.
    for (const size of [0, ...sizes])
      for (let round = 0; round < rounds; round++)
        took.set(size, Math.min(took.get(size) ?? Infinity, await cost(size)))
    const [none = 0, , ten = 0, hundred = 0] = took.values()
    const exponent = exponentOf([sizes[1], ten - none], [sizes[2], hundred - none])
    const seconds = sizes.map((size) => `${size}: ${((took.get(size) ?? Number.NaN) / 1000).toFixed(2)} s`)
    rows.push({
      what: `growth of ${what}`,
      ours: `^${exponent.toFixed(2)}`,
      compared: `${seconds.join(', ')}; at most ^${most}`,
      ratio: null,
    })
  }
  return rows
}

type Point = readonly [size: number, cost: number]

/** The power of the size by which a cost grows between two points: 1 where it is proportional, 2 where twice as much costs four times. */
export function exponentOf([fewer, less]: Point, [larger, more]: Point): number {
  return Math.log(more / less) / Math.log(larger / fewer)
}

/** The milliseconds of processor, of all threads, that a piece of work in this process takes. */
export async function ofProcessor(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await timed(work)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
