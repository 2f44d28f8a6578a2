import { requirement } from '../harness/judge/requirement.ts'
import { otherStatus } from '../harness/views/placed.ts'
import { unserved } from '../harness/views/served.ts'
import { docs } from '../sources.ts'
import { inputIsTheSum, inputTotal } from '../usage/usage.ts'
import { show } from '../harness/views/finding.ts'

/* The prompt cache. Not caching at all is documented behaviour; counting it wrongly is not. */

const page = 'build-with-claude/prompt-caching'

export const offered = requirement('caching/offered', {
  level: 'must',
  profile: 'full',
  title: 'cache breakpoints are served, or refused politely',
  because: 'Every agent sets them.',
  breaks: [],
  source: docs(
    page,
    'Place cache_control directly on individual content blocks for fine-grained control over exactly what gets cached.',
  ),
  gates: 'caching',
  probe: ['caching/cold', 'caching/warm'],
  mayStaySilent: true,
})

export const breakpoints = requirement('caching/breakpoints-served', {
  level: 'must',
  profile: 'full',
  title: 'breakpoints are accepted on tools, messages and the whole request',
  because: 'Claude Code sets them on all of them.',
  breaks: ['claude-code'],
  source: docs(
    page,
    'Prompt caching references the entire prompt - tools, system, and messages (in that order) up to and including the block designated with cache_control.',
  ),
  after: ['caching/offered'],
  reads: { 'caching/breakpoints': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const countedOnce = requirement('caching/counted-once', {
  level: 'must',
  profile: 'full',
  title: 'the same prompt has the same input in all, whether it was written to the cache or read from it',
  because: 'Cached tokens that count twice are billed twice.',
  breaks: ['raw-http'],
  source: inputIsTheSum,
  reads: { 'caching/cold': 'message', 'caching/warm': 'message' },
  *check({ 'caching/cold': cold, 'caching/warm': warm }) {
    const [before, after] = [inputTotal(cold.usage), inputTotal(warm.usage)]
    if (Math.abs(before - after) > before * 0.02)
      yield { fixture: 'caching/warm', at: '/usage', expected: `${before} in all, as before`, actual: show(warm.usage) }
  },
})

export const refused = requirement('caching/too-many-refused', {
  level: 'should',
  profile: 'full',
  title: 'more than four breakpoints are refused with 400',
  because: "Which of them counts is anybody's guess otherwise.",
  breaks: [],
  source: docs(page),
  after: ['caching/offered'],
  reads: { 'caching/too-many': 'answer' },
  *check(answers) {
    yield* otherStatus(answers, 400)
  },
})
