import type { Suffered } from '../../suites/clients/claims.ts'
import type { Claim } from '../../suites/harness/judge/clients.ts'
import type { Words } from './words/en.ts'

/** Who suffers where a requirement is broken: who was measured to break, who breaks in our opinion, who recovers. Empty where nobody does. */
export function sufferingOf({ claims }: Pick<Suffered, 'claims'>, words: Words): string {
  const names = (suffers: Claim['suffers'], source: Claim['source']): string =>
    claims
      .filter((claim) => claim.suffers === suffers && claim.source === source)
      .map(({ client }) => client)
      .join(words.comma)
  const opinion = names('breaks', 'opinion')
  const recovering = names('recovers', 'measured')
  const parts = [
    names('breaks', 'measured'),
    opinion === '' ? '' : words.breaksInOpinion(opinion),
    recovering === '' ? '' : words.recovering(recovering),
  ]
  return parts.filter((part) => part !== '').join(words.semicolon)
}

/** How a claim is known: the version that was measured and the day, or that it is our opinion. */
export function groundsOf(claim: Claim, words: Words): string {
  return claim.source === 'measured' ? words.measuredWith(claim.version, claim.date) : words.notMeasured
}
