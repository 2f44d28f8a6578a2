import type { Price, PricedFixture } from '../../../fixtures/fixture.ts'
import type { Fixture } from '../../../schemas/types.ts'

type Fixtures<N extends string> = Readonly<Record<N, Fixture>>

/** Fixtures, each with what it takes. */
export function priced<N extends string>(fixtures: Fixtures<N>): Readonly<Record<N, PricedFixture>> {
  const entries = Object.entries<Fixture>(fixtures).map(([name, one]) => [name, { ...one, ...priceOf(one, fixtures) }])
  return Object.fromEntries(entries) as Record<N, PricedFixture> // The same names as before.
}

function priceOf(fixture: Fixture, fixtures: Fixtures<string>): Price {
  const most = fixture.body?.['max_tokens']
  const generates = fixture.phase !== 'refused' && fixture.phase !== 'upsetting' && most !== undefined
  return generates
    ? { inputTokens: estimate(fixture, fixtures), outputTokens: Number(most) }
    : { inputTokens: 0, outputTokens: 0 }
}

/** Roughly four characters a token; a picture or a page of a document costs some 1,600 whatever its base64 length. */
function estimate(fixture: Fixture, fixtures: Fixtures<string>): number {
  const before = fixture.follows === undefined ? undefined : fixtures[fixture.follows]
  const text = JSON.stringify(fixture.body ?? {})
  const media = text.match(/"data":"[A-Za-z0-9+/=]{100,}"/g) ?? []
  const letters = text.length - media.reduce((sum, found) => sum + found.length, 0)
  return Math.ceil(letters / 4) + media.length * 1600 + (before ? estimate(before, fixtures) + 100 : 0)
}
