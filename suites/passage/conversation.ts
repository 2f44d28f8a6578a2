import { requirement, type EverySubject } from '../harness/judge/requirement.ts'
import { show, type Finding } from '../harness/views/finding.ts'
import type { JsonObject } from '../harness/wire/json.ts'
import { docs, unchanged } from '../sources.ts'
import { changed, lost } from './lost.ts'
import { ofType, partsOf, relayed, textOf, type Part } from './parts.ts'

/* What becomes of a conversation on its way to an upstream of the same protocol: each kind of block on its own, then their order. */

/** Judged on every request that holds blocks of these types: each arrives as it was sent, in the order among themselves. */
function blocksKept(types: readonly string[], role?: string): EverySubject<'passage'> {
  const of = (body: JsonObject): readonly Part[] =>
    ofType(partsOf(body), ...types).filter((part) => (role === undefined ? part.role !== 'system' : part.role === role))
  return {
    every: 'passage',
    where: (passage) => relayed(passage) && of(passage.sent).length > 0,
    *check({ sent, arrived }) {
      const [from, to] = [of(sent), of(arrived)]
      if (from.length === to.length)
        for (const [index, { at, block }] of from.entries()) yield* lost(block, to[index]?.block, at)
      else yield* from.every(({ type }) => type === 'text') ? unsaid(from, to) : missing(from, to)
    },
  }
}

/** The blocks that are not there any more, each found by its equal, in order. */
function* missing(sent: readonly Part[], arrived: readonly Part[]): Iterable<Finding> {
  let from = 0
  for (const { at, block } of sent) {
    const found = arrived.findIndex((part, index) => index >= from && [...lost(block, part.block, at)].length === 0)
    if (found < 0) yield changed(at, block, undefined)
    else from = found + 1
  }
}

/** The texts that are not said any more, in order, where turns of one role were joined into one. */
function* unsaid(sent: readonly Part[], arrived: readonly Part[]): Iterable<Finding> {
  const there = arrived.map(textOf).join('')
  let from = 0
  for (const part of sent) {
    const found = there.indexOf(textOf(part), from)
    if (found < 0) yield changed(part.at, part.block, undefined)
    else from = found + textOf(part).length
  }
}

export const textKept = requirement('passage/text-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'every text of the conversation arrives, word for word',
  because: 'The model answers another question than the one that was asked.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: unchanged,
  ...blocksKept(['text']),
})

export const toolBlocksKept = requirement('passage/tool-blocks-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'calls and results of tools arrive as they were: ids, input, content, is_error',
  because: 'An agent repeats what failed, since the model never learns that it did, or takes one result for another.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: unchanged,
  least: 'passage/agent',
  ...blocksKept(['tool_use', 'tool_result']),
})

export const thinkingBlocksKept = requirement('passage/thinking-blocks-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'thinking blocks sent back arrive as they were, signatures byte for byte',
  because:
    'The model loses its train of thought in the middle of its work, or the upstream refuses the whole conversation.',
  breaks: ['claude-code'],
  source: docs(
    'build-with-claude/thinking',
    'when you return tool results, you must pass the thinking blocks from the assistant message back to the API, complete and unmodified',
  ),
  least: 'thinking/tool-result',
  ...blocksKept(['thinking', 'redacted_thinking']),
})

export const mediaKept = requirement('passage/media-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'pictures, documents and search results arrive as they were',
  because: 'The model answers without having seen what it was asked about.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: unchanged,
  least: 'vision/colour',
  ...blocksKept(['image', 'document', 'search_result', 'container_upload']),
})

export const systemTurnsKept = requirement('passage/system-turns-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'a system message in the middle of a conversation arrives as one',
  because: "Dropped, the operator's word is lost; as a user's text it binds no longer, and anybody could have said it.",
  breaks: ['claude-code'],
  source: unchanged,
  least: 'output/role-system',
  ...blocksKept(['text'], 'system'),
})

export const orderKept = requirement('passage/order-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'blocks arrive in the order they were sent in, under the roles they were sent in, and nothing between them',
  because: 'A call that comes before the words which led to it, or words that nobody said, are another conversation.',
  breaks: ['claude-code'],
  source: unchanged,
  every: 'passage',
  least: 'passage/agent',
  where: (passage) => relayed(passage) && partsOf(passage.sent).length > 0,
  *check({ sent, arrived }) {
    const [from, to] = [sent, arrived].map((body) => partsOf(body).map(({ role, type }) => `${role} ${type}`))
    // What is lost, others find: here it is about what is all there.
    if (from && to && isPart(from, to) && from.join() !== to.join())
      yield { at: '/messages', expected: show(from), actual: show(to) }
  },
})

/** Whether all of the one are in the other, in any order. */
function isPart(these: readonly string[], those: readonly string[]): boolean {
  const left = [...those]
  return these.every((item) => {
    const at = left.indexOf(item)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  })
}
