import { requirement } from '../harness/judge/requirement.ts'
import { unchanged } from '../sources.ts'

/* Whether, and how often, a request reaches the upstream: judged only where the upstream is ours and shows what arrives. */

export const arrives = requirement('passage/arrives', {
  level: 'must',
  profile: 'sdk',
  title: 'what is answered with success was asked of the upstream',
  because: 'An answer that the model never gave is made up, or one that was given to somebody else.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: unchanged,
  vouches: 'passage',
})
