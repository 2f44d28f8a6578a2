import type { Capability, Fixture, Mode } from '../../../schemas/types.ts'
import type { FixtureFacts, Price } from '../../../fixtures/fixture.ts'
import type { ExchangeName } from '../../../fixtures/requests.ts'
import type { RequirementId } from '../../ids.ts'
import type { Facts, GatesSubject } from '../judge/requirement.ts'
import type { Views } from '../views/views.ts'
import type { Quirk } from '../../../fixtures/gateways/upstreams/chat-completions/quirks/quirk.ts'
import { inStream, quirkOf, underQuirk } from '../wire/exchange.ts'
import { own } from '../wire/json.ts'

type Fixtures<F = FixtureFacts> = Readonly<Record<string, F>>

/** One exchange to be made, and what has to be on the tape before. */
export interface Step<F = Fixture> extends Price {
  readonly name: string
  readonly fixture: F
  readonly mode: Mode
  /** How the upstream, which is ours, is to speak meanwhile; default: as usual. */
  readonly quirk?: AskedUnder
  /** `waiting`: it is a look at the gateway, by which nothing is judged. Default: gathered. */
  readonly origin?: 'waiting'
  readonly dependsOn: readonly string[]
  /** False where a refusal is expected, and refusals cost nothing. */
  readonly paid: boolean
}

/** A way in which an upstream may speak, and the exchanges by which it shows. */
export type AskedUnder = Pick<Quirk, 'id' | 'about' | 'touches'>

export interface Plan<F = Fixture> {
  readonly steps: readonly Step<F>[]
  /** The gates whose probes decide what else is worth asking. */
  readonly gates: readonly (Facts & GatesSubject)[]
  readonly cost: Cost
}

export interface Cost extends Price {
  readonly requests: number
  readonly paidRequests: number
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

export interface ToPlan<F = FixtureFacts> {
  readonly catalogue: readonly Facts[]
  readonly fixtures: Fixtures<F>
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
export function isAboutUpstream(requirement: Facts, fixtures: Fixtures): boolean {
  return exchangesOf(requirement).some((name) => fixtureOf(name, fixtures).upstream !== undefined)
}

/** Whether a requirement is about what passes between a client and an upstream that is seen. */
export function isOnPassage({ id }: Pick<Facts, 'id'>): boolean {
  return id.startsWith('passage/')
}

/** Whether a requirement is about the key, and how it is sent. */
export function isOnKeys(requirement: Facts, fixtures: Fixtures): boolean {
  return exchangesOf(requirement).some((name) => isAboutKeys(fixtureOf(name, fixtures)))
}

function isAboutKeys({ credential = 'given' }: FixtureFacts): boolean {
  return credential !== 'given'
}

/** Whether a requirement compares what another endpoint answers. */
export function comparesChat(requirement: Facts, fixtures: Fixtures): boolean {
  return exchangesOf(requirement).some((name) => fixtureOf(name, fixtures).endpoint !== undefined)
}

/** Which exchanges the selected requirements need, in the order of sending, and at most what they cost. */
export function plan<F extends FixtureFacts>(options: ToPlan<F>): Plan<F> {
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
function underQuirks<F extends FixtureFacts>(
  asked: readonly Step<F>[],
  gates: readonly GatesSubject[],
  options: ToPlan<F>,
): readonly Step<F>[] {
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
    return again.map((name): Step<F> => {
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
export function capabilitiesOf(requirement: Facts, fixtures: Fixtures): readonly Capability[] {
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
export function needsOf(name: string, fixture: Pick<Fixture, 'needs'>): readonly Capability[] {
  return parseName(name).mode === 'stream' ? ['streaming', ...(fixture.needs ?? [])] : (fixture.needs ?? [])
}

/** Whether the request of an exchange is wrong on purpose. False for one that no fixture sends. */
export function isWrong(name: string, fixtures: Fixtures): boolean {
  return own(fixtures, parseName(name).fixture)?.phase === 'refused'
}

/** The fixture of an exchange. Throws where there is none: a mistake of ours. */
export function fixtureOf<F>(name: string, fixtures: Fixtures<F>): F {
  const fixture = own(fixtures, parseName(name).fixture)
  if (!fixture) throw new Error(`No fixture is named ${name}.`)
  return fixture
}

function dependencies(
  name: string,
  fixture: FixtureFacts,
  fixtures: Fixtures,
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
export function followedBy(name: string, fixtures: Fixtures): string | undefined {
  return inMode(fixtureOf(name, fixtures).follows, name, fixtures)
}

/** Another fixture in the mode of an exchange, where it is sent in that mode; else as JSON. */
function inMode(other: string | undefined, name: string, fixtures: Fixtures): string | undefined {
  if (other === undefined) return undefined
  const streams = parseName(name).mode === 'stream' && fixtures[other]?.modes?.includes('stream')
  return streams ? inStream(other) : other
}

function step<F extends FixtureFacts>(name: string, fixtures: Fixtures<F>, gates: readonly GatesSubject[]): Step<F> {
  const fixture = fixtureOf(name, fixtures)
  const { phase, inputTokens, outputTokens } = fixture
  return {
    name,
    fixture,
    mode: parseName(name).mode,
    dependsOn: dependencies(name, fixture, fixtures, gates),
    // Where an upstream can be made to fail it is ours, and nobody pays for it.
    paid: phase !== 'refused' && phase !== 'upsetting' && isGenerating(fixture) && fixture.upstream === undefined,
    inputTokens,
    outputTokens,
  }
}

function isGenerating({ path = '/v1/messages', endpoint }: FixtureFacts): boolean {
  return endpoint !== undefined || (path.startsWith('/v1/messages') && !path.includes('count_tokens'))
}

function costOf(steps: readonly Step<unknown>[]): Cost {
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
