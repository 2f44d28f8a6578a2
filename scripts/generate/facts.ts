import type { FixtureFacts, PricedFixture } from '../../fixtures/fixture.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { quirksOf } from '../../fixtures/gateways/upstreams/quirks.ts'
import { requests } from '../../fixtures/requests.ts'
import { declared } from '../../suites/catalogue.ts'
import type { Grounds } from '../../suites/harness/judge/requirement.ts'
import { ids } from '../../suites/ids.ts'
import { asText } from './as-text.ts'

/*
 * What of the catalogue, of the faults and of the quirks is data: what plans a run, or says what is in it, loads that, and none of the
 * code behind it.
 */

const requirements = ids.flatMap((id) => declared.get(id) ?? [])

/** The text of suites/facts.ts. */
export function requirementFacts(): string {
  // A function is no JSON: it is left out.
  const all = requirements.map(({ because, breaks, source, beyond, ...rest }) => rest)
  return `import type { Facts } from './harness/judge/requirement.ts'

const texts = [
${lines(all)}]

/** Every requirement as it stands in its chapter, without its checks and its grounds, in the order of ids.ts. */
export const facts: ReadonlyMap<string, Facts> = new Map(
  texts.map((text) => JSON.parse(text) as Facts).map((one) => [one.id, one]),
)
`
}

/** The text of suites/grounds.ts. A text for each: one that is not asked for is not read. */
export function requirementGrounds(): string {
  const texts = requirements.map(({ id, because, breaks, source, beyond }) => {
    const grounds: Grounds = { because, breaks, source, ...(beyond && { beyond }) }
    return `  '${id}': ${asText(grounds)},\n`
  })
  return `import type { Grounds } from './harness/judge/requirement.ts'
import { own } from './harness/wire/json.ts'

const texts: Readonly<Record<string, string>> = {
${texts.join('')}}

/** Why a requirement is there, and what it rests on, as its chapter says it; undefined where none has this id. */
export function groundsFor(id: string): Grounds | undefined {
  const text = own(texts, id)
  return text === undefined ? undefined : (JSON.parse(text) as Grounds) // It was written by \`npm run generate\`.
}
`
}

/** The text of fixtures/facts.ts. */
export function fixtureFacts(): string {
  const all = Object.entries<PricedFixture>(requests).map(([name, fixture]) => {
    const { about, modes, path, credential, needs, follows, afterwards, phase, upstream, endpoint, long } = fixture
    const { inputTokens, outputTokens } = fixture
    const asked = { about, modes, path, credential, needs, follows, afterwards, phase, upstream, endpoint, long }
    // All there are, by the type.
    const facts: { [F in keyof FixtureFacts]-?: FixtureFacts[F] | undefined } = { ...asked, inputTokens, outputTokens }
    return [name, facts]
  })
  return `import type { FixtureFacts } from './fixture.ts'
import type { FixtureName } from './requests.ts'

const all = [
${lines(all)}].map((text) => JSON.parse(text) as [string, FixtureFacts])

/** What of every fixture a plan has to know. */
export const fixtureFacts = Object.fromEntries(all) as Readonly<Record<FixtureName, FixtureFacts>>
`
}

/** The text of fixtures/gateways/faults/facts.ts. */
export function faultFacts(): string {
  const said = faults.map(({ id, about, breaks, seen, dialogue }) => ({ id, about, breaks, seen, dialogue }))
  return `import type { Fault } from '../fault.ts'

/** What every fault says of itself, in the order of faults.ts. */
export const faultFacts = [
${lines(said)}].map((text) => JSON.parse(text) as Pick<Fault, 'id' | 'about' | 'breaks' | 'seen' | 'dialogue'>)
`
}

/** The text of fixtures/gateways/upstreams/facts.ts. */
export function quirkFacts(): string {
  const tables = Object.entries(quirksOf).map(([dialect, quirks]) => {
    const said = quirks.map(({ id, about, touches }) => ({ id, about, touches }))
    return `  '${dialect}': ${JSON.stringify(said)},\n`
  })
  return `import type { Dialect } from '../../../schemas/types.ts'
import type { Quirk } from './chat-completions/quirks/quirk.ts'

/** What every quirk says of itself, by the protocol of the upstreams that have it, in the order of quirks.ts. */
export const quirkFacts: Readonly<Record<Dialect, readonly Pick<Quirk, 'id' | 'about' | 'touches'>[]>> = {
${tables.join('')}}
`
}

function lines(values: readonly unknown[]): string {
  return values.map((value) => `  ${asText(value)},\n`).join('')
}
