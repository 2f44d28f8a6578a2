import type { TargetEntry } from '../schemas/types.ts'
import { InputError } from '../suites/harness/wire/input-error.ts'
import { own } from '../suites/harness/wire/json.ts'
import type { Pair } from './target-file.ts'

/** One of several runs that share the targets of a file, from 1. */
export interface Shard {
  readonly index: number
  readonly of: number
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Where an engine says which of several runs this is, and how many there are. Kubernetes does not say how many; GitHub says both in an
 * expression only, and the workflow hands them on.
 */
const engines = [
  { index: 'CI_NODE_INDEX', from: 1, total: 'CI_NODE_TOTAL' },
  { index: 'JOB_COMPLETION_INDEX', from: 0, total: 'JOB_COMPLETIONS' },
  { index: 'STRATEGY_JOB_INDEX', from: 0, total: 'STRATEGY_JOB_TOTAL' },
] as const

/** The shard that --shard means: `2/3`, or `auto` and `auto/3` by the variables of an engine. Throws an InputError that says what helps. */
export function shardMeant(typed: string | undefined, environment: Environment): Shard | null {
  if (typed === undefined) return null
  const [, which = '', total] = /^(\d+|auto)(?:\/(\d+))?$/.exec(typed) ?? []
  if (which === '' || (which !== 'auto' && total === undefined)) throw new InputError(`--shard takes ${forms}.`)
  if (which !== 'auto') return checked({ index: Number(which), of: Number(total) })
  const engine = engines.find(({ index }) => own(environment, index) !== undefined)
  if (!engine)
    throw new InputError(
      `--shard auto reads ${engines.map(({ index }) => index).join(', ')}, and none of them is set: type ${forms}.`,
    )
  const of = total ?? own(environment, engine.total)
  if (of === undefined)
    throw new InputError(`${engine.index} does not say of how many: set ${engine.total}, or type --shard auto/N.`)
  return checked({ index: numberIn(engine.index, environment) + 1 - engine.from, of: Number(of) })
}

const forms = 'the number of a run and how many there are, as 2/3; or auto, or auto/3'

function numberIn(variable: string, environment: Environment): number {
  const text = own(environment, variable) ?? ''
  if (!/^\d+$/.test(text)) throw new InputError(`The variable ${variable} holds no number of a run.`)
  return Number(text)
}

function checked({ index, of }: Shard): Shard {
  if (Number.isSafeInteger(of) && of >= 1 && index >= 1 && index <= of) return { index, of }
  throw new InputError(`--shard counts from 1 to the number of runs, which this is not: ${index}/${of}.`)
}

/**
 * Those of a file that are one shard's. They are dealt out by name, whatever order the file has them in, so that the shards together
 * are the whole; and those that share a key, whose limits they share too, are never dealt to two shards, which run at once.
 */
export function inShard(pairs: readonly Pair[], { index, of }: Shard): readonly Pair[] {
  const shards: Pair[][] = Array.from({ length: of }, () => [])
  for (const group of groupsOf(pairs)) {
    const least = Math.min(...shards.map(({ length }) => length))
    shards.find(({ length }) => length === least)?.push(...group)
  }
  const mine = new Set(shards[index - 1])
  return pairs.filter((pair) => mine.has(pair))
}

/** How many shards there is work for. */
export function mostShards(pairs: readonly Pair[]): number {
  return groupsOf(pairs).length
}

/** Those that share a variable with a credential together, the largest group first, then by name. */
function groupsOf(pairs: readonly Pair[]): readonly (readonly Pair[])[] {
  const groups: { readonly variables: ReadonlySet<string>; readonly pairs: readonly Pair[] }[] = []
  for (const pair of pairs.toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))) {
    const variables = new Set(credentialsOf(pair.entry))
    const shared = groups.filter((group) => [...variables].some((variable) => group.variables.has(variable)))
    for (const group of shared) groups.splice(groups.indexOf(group), 1)
    groups.push({
      variables: new Set([...variables, ...shared.flatMap((group) => [...group.variables])]),
      pairs: [...shared.flatMap((group) => group.pairs), pair],
    })
  }
  return groups
    .map((group) => group.pairs)
    .toSorted((a, b) => b.length - a.length || (nameOf(a[0]) < nameOf(b[0]) ? -1 : 1))
}

function credentialsOf({ key, headers = {} }: TargetEntry): readonly string[] {
  const inHeaders = Object.values(headers).flatMap((value) => (typeof value === 'string' ? [] : [value.env]))
  return [...(key ? [key.env] : []), ...inHeaders]
}

function nameOf(pair: Pair | undefined): string {
  return pair ? `${pair.entry.name}\n${pair.model}` : ''
}
