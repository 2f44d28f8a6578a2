import { requests } from '../fixtures/requests.ts'
import type { TargetEntry } from '../schemas/types.ts'
import { capabilities, profiles } from '../schemas/values.ts'
import { parseName } from '../suites/harness/gather/plan.ts'
import { wholeProfile, type Selection } from '../suites/run/selection.ts'
import { ids } from '../suites/ids.ts'
import { eachOf, items, oneOf, type OptionName, type Typed } from './options.ts'

/** The options that say what is looked at. */
export const selectionOptions: readonly OptionName[] = [
  'profile',
  'require',
  'lacks',
  'strict',
  'only',
  'quick',
  'fixture',
  'allow-long',
]

/** The selection that was typed, on top of what a target file says. Throws an InputError for an id, area, fixture or capability there is none of. */
export function selectionOf(typed: Typed, entry?: TargetEntry): Selection {
  const areas = [...new Set(ids.map((id) => id.split('/')[0] ?? ''))]
  const names = Object.keys(requests)
  return {
    ...wholeProfile(oneOf(typed, 'profile', profiles) ?? entry?.profile ?? 'sdk'),
    only: eachOf(items(typed.lists.only), [...ids, ...areas], 'requirement or area'),
    fixtures: eachOf(
      items(typed.lists.fixture),
      [...names, ...names.map((name) => `${name}:stream`)],
      'fixture',
    ).filter((name) => parseName(name).fixture in requests),
    require: [...(entry?.requires ?? []), ...eachOf(items(typed.lists.require), capabilities, 'capability')],
    lacks: [...(entry?.lacks ?? []), ...eachOf(items(typed.lists.lacks), capabilities, 'capability')],
    waivers: entry?.waivers ?? [],
    upstream: entry?.upstream ?? null,
    quick: typed.flags.has('quick'),
    strict: typed.flags.has('strict'),
    allowLong: typed.flags.has('allow-long') || entry?.allowLong === true,
  }
}
