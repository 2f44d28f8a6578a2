import type { Capability, Fixture, Mode } from '../../../schemas/types.ts'
import type { ExchangeName } from '../../../fixtures/requests.ts'
import type { RequirementId } from '../../ids.ts'
import type { Facts, GatesSubject } from '../judge/requirement.ts'
import type { Views } from '../views/views.ts'
import type { Quirk } from '../../../fixtures/gateways/upstreams/chat-completions/quirks/quirk.ts'
import { inStream, quirkOf, underQuirk } from '../wire/exchange.ts'
import { own } from '../wire/json.ts'

/** One exchange to be made, and what has to be on the tape before. */
export interface Step {
  readonly name: string
  readonly fixture: Fixture
  readonly mode: Mode
  /** How the upstream, which is ours, is to speak meanwhile; default: as usual. */
  readonly quirk?: AskedUnder
  /** `waiting`: it is a look at the gateway, by which nothing is judged. Default: gathered. */
  readonly origin?: 'waiting'
  readonly dependsOn: readonly string[]
  /** False where a refusal is expected, and refusals cost nothing. */
  readonly paid: boolean
  /** At most; estimated from the size of the body. */
  readonly inputTokens: number
  readonly outputTokens: number
}

/** A way in which an upstream may speak, and the exchanges by which it shows. */
export type AskedUnder = Pick<Quirk, 'id' | 'about' | 'touches'>

export interface Plan {
  readonly steps: readonly Step[]
  /** The gates whose probes decide what else is worth asking. */
  readonly gates: readonly (Facts & GatesSubject)[]
  readonly cost: Cost
}

export interface Cost {
  readonly requests: number
  readonly paidRequests: number
  readonly inputTokens: number
  readonly outputTokens: number
}

/** The exchange that shows a view most cheaply; null where no single one does. */
const leastOf: Readonly<Record<keyof Views, ExchangeName>> = {
  answer: 'messages/hello',
  text: 'messages/hello',
  json: 'messages/hello',
  message: 'messages/hello',
  error: 'validation/no-model',
  stream: 'messages/hello:stream',
  events: 'messages/hello:stream',
  count: 'tokens/short',
  models: 'models/list',
  model: 'models/one',
  passage: 'messages/hello',
}

/** What opens a run: the request of the page that handed out the Base URL. */
const opening: ExchangeName = 'messages/page'

export interface ToPlan {
  readonly catalogue: readonly Facts[]
  readonly fixtures: Readonly<Record<string, Fixture>>
  readonly selected: ReadonlySet<RequirementId>
  readonly lacks?: ReadonlySet<Capability>
  /** Only these exchanges (and what they depend on), whatever the requirements would read. */
  readonly only?: readonly string[]
  readonly allowLong?: boolean
  /** The endpoint of Chat Completions is asked too, where its answers are compared. */
  readonly compareChat?: boolean
  /** There is no key: nothing is sent that carries one, or shows that one is wanted. */
  readonly keyless?: boolean
  /** What is known to stand behind the gateway: it can be made to fail. */
  readonly upstream?: 'reference' | null
  /** The ways in which the upstream can be made to speak: what they touch is asked again under each. */
  readonly quirks?: readonly AskedUnder[]
}

/** Whether a requirement is about what becomes of failures of the upstream. */
export function isAboutUpstream(requirement: Facts, fixtures: Readonly<Record<string, Fixture>>): boolean {
  return exchangesOf(requirement).some((name) => fixtureOf(name, fixtures).upstream !== undefined)
}

/** Whether a requirement is about what passes between a client and an upstream that is seen. */
export function isOnPassage({ id }: Pick<Facts, 'id'>): boolean {
  return id.startsWith('passage/')
}

/** Whether a requirement is about the key, and how it is sent. */
export function isOnKeys(requirement: Facts, fixtures: Readonly<Record<string, Fixture>>): boolean {
  return exchangesOf(requirement).some((name) => isAboutKeys(fixtureOf(name, fixtures)))
}

function isAboutKeys({ credential = 'given' }: Fixture): boolean {
  return credential !== 'given'
}

/** Whether a requirement compares what another endpoint answers. */
export function comparesChat(requirement: Facts, fixtures: Readonly<Record<string, Fixture>>): boolean {
  return exchangesOf(requirement).some((name) => fixtureOf(name, fixtures).endpoint !== undefined)
}

/** Which exchanges the selected requirements need, in the order of sending, and at most what they cost. */
export function plan(options: ToPlan): Plan {
  const { catalogue, fixtures } = options
  const byId = new Map(catalogue.map((requirement) => [requirement.id, requirement]))
  const gates = catalogue.filter((requirement): requirement is Facts & GatesSubject => 'gates' in requirement)
  const names = new Set<string>()
  const want = (name: string): void => {
    const fixture = fixtureOf(name, fixtures)
    if (names.has(name) || needsOf(name, fixture).some((capability) => options.lacks?.has(capability))) return
    if (fixture.long && !options.allowLong) return
    if (fixture.endpoint && !options.compareChat) return
    if (options.keyless && isAboutKeys(fixture)) return
    if (fixture.upstream && !options.upstream) return
    for (const before of dependencies(name, fixture, fixtures, gates)) want(before)
    names.add(name)
  }
  if (options.only) for (const name of options.only) want(quirkOf(name).name)
  else
    for (const requirement of closure(options.selected, byId)) for (const name of exchangesOf(requirement)) want(name)
  const opened = names.delete(opening) ? [opening, ...names] : [...names]
  const usual = opened.map((name) => step(name, fixtures, gates))
  const steps = [...usual, ...underQuirks(usual, gates, options)]
  return { steps, gates, cost: costOf(steps) }
}

/**
 * What is asked again while the upstream speaks otherwise: what a quirk touches of the fixtures that are asked, in each mode; where
 * exchanges are named, of those.
 */
function underQuirks(asked: readonly Step[], gates: readonly GatesSubject[], options: ToPlan): readonly Step[] {
  const { quirks = [], fixtures, lacks, only } = options
  const isAsked = new Set(asked.map(({ name }) => parseName(name).fixture))
  return quirks.flatMap((quirk) => {
    const again = quirk.touches.filter(
      (name) =>
        isAsked.has(parseName(name).fixture) &&
        !needsOf(name, fixtureOf(name, fixtures)).some((capability) => lacks?.has(capability)) &&
        (!only || only.includes(name) || only.includes(underQuirk(name, quirk.id))),
    )
    const named = (name: string): string => (again.includes(name) ? underQuirk(name, quirk.id) : name)
    return again.map((name): Step => {
      const usual = step(name, fixtures, gates)
      // The upstream is ours, and nobody pays for it.
      return { ...usual, name: named(name), quirk, dependsOn: [name, ...usual.dependsOn.map(named)], paid: false }
    })
  })
}

/** The selected requirements and all they come after. */
function closure(selected: ReadonlySet<RequirementId>, byId: ReadonlyMap<RequirementId, Facts>): Facts[] {
  const found = new Map<RequirementId, Facts>()
  const visit = (id: RequirementId): void => {
    const requirement = byId.get(id)
    if (!requirement || found.has(id)) return
    for (const before of requirement.after ?? []) visit(before)
    found.set(id, requirement)
  }
  for (const id of selected) visit(id)
  return [...found.values()]
}

/** The exchanges one requirement is judged by. */
export function exchangesOf(requirement: Facts): readonly string[] {
  if ('reads' in requirement) return Object.keys(requirement.reads)
  if ('gates' in requirement) return requirement.probe
  const view = 'every' in requirement ? requirement.every : requirement.vouches
  return [requirement.least ?? leastOf[view]]
}

/** The capabilities without which a requirement is not applicable: its own, and those its exchanges take. */
export function capabilitiesOf(requirement: Facts, fixtures: Readonly<Record<string, Fixture>>): readonly Capability[] {
  const own = 'gates' in requirement ? [requirement.gates] : requirement.capability ? [requirement.capability] : []
  const taken = exchangesOf(requirement).flatMap((name) => needsOf(name, fixtureOf(name, fixtures)))
  return [...new Set([...own, ...taken])]
}

/** `tools/single:stream` is the fixture `tools/single` in stream mode, under whatever quirk. */
export function parseName(exchange: string): { readonly fixture: string; readonly mode: Mode } {
  const { name } = quirkOf(exchange)
  return name.endsWith(':stream')
    ? { fixture: name.slice(0, -':stream'.length), mode: 'stream' }
    : { fixture: name, mode: 'json' }
}

/** The capabilities an exchange takes: those of its fixture, and streaming in stream mode. */
export function needsOf(name: string, fixture: Fixture): readonly Capability[] {
  return parseName(name).mode === 'stream' ? ['streaming', ...(fixture.needs ?? [])] : (fixture.needs ?? [])
}

/** Whether the request of an exchange is wrong on purpose. False for one that no fixture sends. */
export function isWrong(name: string, fixtures: Readonly<Record<string, Fixture>>): boolean {
  return own(fixtures, parseName(name).fixture)?.phase === 'refused'
}

/** The fixture of an exchange. Throws where there is none: a mistake of ours. */
export function fixtureOf(name: string, fixtures: Readonly<Record<string, Fixture>>): Fixture {
  const fixture = own(fixtures, parseName(name).fixture)
  if (!fixture) throw new Error(`No fixture is named ${name}.`)
  return fixture
}

function dependencies(
  name: string,
  fixture: Fixture,
  fixtures: Readonly<Record<string, Fixture>>,
  gates: readonly GatesSubject[],
): readonly string[] {
  const probes = needsOf(name, fixture).flatMap((capability) => {
    const probe = gates.find((gate) => gate.gates === capability)?.probe[0]
    return probe === undefined ? [] : [probe]
  })
  const before = [fixture.follows, fixture.afterwards].flatMap((other) => inMode(other, name, fixtures) ?? [])
  return [...new Set([...probes, ...before])].filter((other) => other !== name)
}

/** The exchange whose turn an exchange sends back. */
export function followedBy(name: string, fixtures: Readonly<Record<string, Fixture>>): string | undefined {
  return inMode(fixtureOf(name, fixtures).follows, name, fixtures)
}

/** Another fixture in the mode of an exchange, where it is sent in that mode; else as JSON. */
function inMode(
  other: string | undefined,
  name: string,
  fixtures: Readonly<Record<string, Fixture>>,
): string | undefined {
  if (other === undefined) return undefined
  const streams = parseName(name).mode === 'stream' && fixtures[other]?.modes?.includes('stream')
  return streams ? inStream(other) : other
}

function step(name: string, fixtures: Readonly<Record<string, Fixture>>, gates: readonly GatesSubject[]): Step {
  const fixture = fixtureOf(name, fixtures)
  const paid = fixture.phase !== 'refused' && fixture.phase !== 'upsetting'
  const generates = paid && fixture.body?.['max_tokens'] !== undefined
  return {
    name,
    fixture,
    mode: parseName(name).mode,
    dependsOn: dependencies(name, fixture, fixtures, gates),
    // Where an upstream can be made to fail it is ours, and nobody pays for it.
    paid: paid && isGenerating(fixture) && fixture.upstream === undefined,
    inputTokens: generates ? estimate(fixture, fixtures) : 0,
    outputTokens: generates ? Number(fixture.body?.['max_tokens']) : 0,
  }
}

function isGenerating({ path = '/v1/messages', endpoint }: Fixture): boolean {
  return endpoint !== undefined || (path.startsWith('/v1/messages') && !path.includes('count_tokens'))
}

/** Roughly four characters a token; a picture or a page of a document costs some 1,600 whatever its base64 length. */
function estimate(fixture: Fixture, fixtures: Readonly<Record<string, Fixture>>): number {
  const before = fixture.follows === undefined ? undefined : fixtures[fixture.follows]
  const text = JSON.stringify(fixture.body ?? {})
  const media = text.match(/"data":"[A-Za-z0-9+/=]{100,}"/g) ?? []
  const letters = text.length - media.reduce((sum, found) => sum + found.length, 0)
  return Math.ceil(letters / 4) + media.length * 1600 + (before ? estimate(before, fixtures) + 100 : 0)
}

function costOf(steps: readonly Step[]): Cost {
  return steps.reduce(
    (sum, { paid, inputTokens, outputTokens }) => ({
      requests: sum.requests + 1,
      paidRequests: sum.paidRequests + (paid ? 1 : 0),
      inputTokens: sum.inputTokens + inputTokens,
      outputTokens: sum.outputTokens + outputTokens,
    }),
    { requests: 0, paidRequests: 0, inputTokens: 0, outputTokens: 0 },
  )
}
