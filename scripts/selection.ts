import { fixtureFacts } from '../fixtures/facts.ts'
import { quirkFacts } from '../fixtures/gateways/upstreams/facts.ts'
import type { Dialect, TargetEntry, Upstream } from '../schemas/types.ts'
import { capabilities, dialects, profiles } from '../schemas/values.ts'
import { parseName } from '../suites/harness/gather/plan.ts'
import { checkedSelection, namesChat, wholeProfile, type Selection } from '../suites/run/selection.ts'
import { areas } from '../suites/areas.ts'
import { ids } from '../suites/ids.ts'
import { inStream, underQuirk } from '../suites/harness/wire/exchange.ts'
import { InputError } from '../suites/harness/wire/input-error.ts'
import { eachOf, items, oneOf, wholeNumber, type Typed } from './options.ts'

/** What a target file asks of a gateway, before anything is typed. */
export function selectionIn(entry: TargetEntry): Selection {
  return {
    ...wholeProfile(entry.profile ?? 'sdk'),
    require: entry.requires ?? [],
    lacks: entry.lacks ?? [],
    waivers: entry.waivers ?? [],
    upstream: entry.upstream === undefined ? null : 'reference',
    ...(typeof entry.upstream === 'object' && { dialect: entry.upstream.dialect }),
    ...(entry.changes && { changes: entry.changes }),
    allowLong: entry.allowLong === true,
    clientSettings: entry.clientSettings ?? [],
  }
}

/** What can be asked while an upstream of ours speaks otherwise. */
const underEachQuirk = Object.values(quirkFacts)
  .flat()
  .flatMap(({ id, touches }) => touches.map((name) => underQuirk(name, id)))

/** The upstream that check is to serve behind the gateway, as it was typed; undefined for none. Throws an InputError. */
export function upstreamTyped(typed: Typed): (Upstream & { readonly port: number }) | undefined {
  const dialect = oneOf(typed, 'upstream-dialect', dialects)
  const port = wholeNumber(typed, 'upstream-port', 1, 65_535)
  if (port !== undefined) return { dialect: dialect ?? 'messages', port }
  if (dialect === undefined) return undefined
  throw new InputError('--upstream-dialect says how an upstream speaks; name its port too: --upstream-port N')
}

/** How an upstream of ours would be spoken to, as it was typed; undefined for none. */
function dialectTyped(typed: Typed): Dialect | undefined {
  const dialect = oneOf(typed, 'upstream-dialect', dialects)
  return dialect ?? (wholeNumber(typed, 'upstream-port', 1, 65_535) === undefined ? undefined : 'messages')
}

/** The selection that was typed, on top of one that is known. Throws an InputError for an id, area, fixture or capability there is none of, or that cannot be kept. */
export function selectionOf(typed: Typed, known: Selection = wholeProfile('sdk')): Selection {
  const names = Object.keys(fixtureFacts)
  const only = eachOf(items(typed, 'only'), [...ids, ...areas], 'requirement or area')
  const exchanges = [...names, ...names.map(inStream), ...underEachQuirk]
  const fixtures = eachOf(items(typed, 'fixture'), exchanges, 'fixture').filter(
    (name) => parseName(name).fixture in fixtureFacts,
  )
  const looked = {
    only: only.length > 0 ? only : known.only,
    fixtures: fixtures.length > 0 ? fixtures : known.fixtures,
  }
  const dialect = known.dialect ?? dialectTyped(typed)
  return checkedSelection({
    ...looked,
    profile: oneOf(typed, 'profile', profiles) ?? known.profile,
    require: [...known.require, ...eachOf(items(typed, 'require'), capabilities, 'capability')],
    lacks: [...known.lacks, ...eachOf(items(typed, 'lacks'), capabilities, 'capability')],
    waivers: known.waivers,
    clientSettings: known.clientSettings ?? [],
    upstream: dialect === undefined ? known.upstream : 'reference',
    ...(dialect !== undefined && { dialect }),
    ...(known.changes && { changes: known.changes }),
    quick: known.quick || typed.flags.has('quick'),
    strict: known.strict || typed.flags.has('strict'),
    allowLong: known.allowLong || typed.flags.has('allow-long'),
    ...(known.keyless && { keyless: true }),
    compareChat: known.compareChat === true || typed.flags.has('compare-chat') || namesChat(looked),
  })
}
