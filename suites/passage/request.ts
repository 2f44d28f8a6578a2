import { requirement } from '../harness/judge/requirement.ts'
import type { Passage } from '../harness/views/passage.ts'
import { unchanged } from '../sources.ts'
import { lost } from './lost.ts'

/* What becomes of a request on its way to an upstream of the same protocol. */

/** Whether a request was handed on in the protocol it came in. */
function relayed({ dialect }: Passage): boolean {
  return dialect === 'messages'
}

/** What a gateway may say otherwise: the name of its model there, and that it does not stream. */
const ownAffairs: ReadonlySet<string> = new Set(['model', 'stream'])

export const fieldsKept = requirement('passage/fields-kept', {
  level: 'must',
  profile: 'sdk',
  title: 'every field of the body arrives at the upstream as it was sent',
  because: 'What is dropped behind a 200 was asked for, is missed by nobody, and is paid for all the same.',
  breaks: ['claude-code'],
  source: unchanged,
  every: 'passage',
  least: 'passage/options',
  where: relayed,
  *check({ sent, arrived }) {
    for (const [field, value] of Object.entries(sent))
      if (!ownAffairs.has(field)) yield* lost(value, arrived[field], `/${field}`)
  },
})
