import { requirement, type EverySubject } from '../harness/judge/requirement.ts'
import { show } from '../harness/views/finding.ts'
import { objects, type JsonObject } from '../harness/wire/json.ts'
import { claudeCode, docs, unchanged } from '../sources.ts'
import { blocksOf, changed, lost } from './lost.ts'
import { breakpointsOf, relayed, textOf } from './parts.ts'

/* What becomes of what stands before a conversation, on its way to an upstream of the same protocol: system prompt, tools, cache. */

/** The texts of the system prompt, in order. */
function systemOf(body: JsonObject): readonly string[] {
  return objects(blocksOf(body['system'])).map((block) => textOf({ block }))
}

/** Claude Code's own first block, which only an upstream that finds it there takes out again. */
const attribution = /^x-anthropic-billing-header\b/

export const systemKept = requirement('passage/system-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'every text of the system prompt arrives, in order',
  because: 'What the model must and must not do is not told to it.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: unchanged,
  every: 'passage',
  least: 'passage/agent',
  where: (passage) => relayed(passage) && systemOf(passage.sent).length > 0,
  *check({ sent, arrived }) {
    const there = systemOf(arrived).join('\n')
    let from = 0
    for (const [index, text] of systemOf(sent).entries()) {
      const found = there.indexOf(text, from)
      if (found < 0) yield changed(`/system/${index}`, text, there.includes(text) ? 'before another one' : undefined)
      else from = found + text.length
    }
  },
})

export const attributionKept = requirement('passage/attribution-kept', {
  level: 'must',
  profile: 'claude-code',
  compares: 'request',
  title: 'a system array that begins with the attribution block arrives with that block first, and alone',
  because: 'Otherwise the block reaches the model and the key of its prompt cache, or takes the system prompt with it.',
  breaks: ['claude-code'],
  source: claudeCode('llm-gateway-protocol', 'Forward the system array exactly as received, keeping the block first'),
  every: 'passage',
  least: 'passage/agent',
  where: (passage) => relayed(passage) && attribution.test(systemOf(passage.sent)[0] ?? ''),
  *check({ sent, arrived }) {
    const [from, to] = [sent, arrived].map((body) => systemOf(body)[0])
    const isArray = Array.isArray(arrived['system'])
    if (!isArray || from !== to) yield changed('/system/0', from, isArray ? to : arrived['system'])
  },
})

export const systemAlone = requirement('passage/system-alone', {
  level: 'should',
  profile: 'sdk',
  compares: 'request',
  title: 'nothing is added to the system prompt, and its blocks stay apart',
  because: 'What a gateway adds is paid for with every request, and moves what the prompt cache knows.',
  breaks: [],
  source: unchanged,
  after: ['passage/system-kept', 'passage/attribution-kept'],
  every: 'passage',
  least: 'passage/agent',
  where: (passage) => relayed(passage) && systemOf(passage.sent).length > 0,
  *check({ sent, arrived }) {
    const [from, to] = [systemOf(sent), systemOf(arrived)]
    if (from.length !== to.length || from.some((text, index) => text !== to[index]))
      yield { at: '/system', expected: `${from.length}: ${show(from)}`, actual: `${to.length}: ${show(to)}` }
  },
})

/** What the tools of a request are known by. */
function toolsOf(body: JsonObject): readonly JsonObject[] {
  return objects(body['tools'])
}

/** Fields of a tool that go with a beta header; the others say what the tool is. */
const besideTheSchema: ReadonlySet<string> = new Set([
  'strict',
  'defer_loading',
  'eager_input_streaming',
  'allowed_callers',
  'input_examples',
])

/** Judged on every request with tools: what `picks` takes of each arrives as it was sent. */
function toolsKept(picks: (field: string) => boolean): EverySubject<'passage'> {
  const pick = (tool: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(tool).filter(([field]) => picks(field)))
  return {
    every: 'passage',
    where: (passage) => relayed(passage) && toolsOf(passage.sent).some((tool) => Object.keys(pick(tool)).length > 0),
    *check({ sent, arrived }) {
      const there = toolsOf(arrived)
      for (const [index, tool] of toolsOf(sent).entries()) {
        const same = there.find(({ name, type }) => name === tool['name'] && sameType(type, tool['type']))
        if (same) yield* lost(pick(tool), same, `/tools/${index}`)
        else if (picks('name')) yield changed(`/tools/${index}`, tool['name'], undefined)
      }
    },
  }
}

/** `custom` is what a tool without a type is. */
function sameType(one: unknown, other: unknown): boolean {
  return (one ?? 'custom') === (other ?? 'custom')
}

export const toolsSame = requirement('passage/tools-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'every tool arrives, its description and its input_schema as they were',
  because: 'The model calls a tool in a way that the tool does not take, or does not know it at all.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: unchanged,
  least: 'passage/agent',
  ...toolsKept((field) => !besideTheSchema.has(field) && field !== 'type'),
})

export const toolFieldsKept = requirement('passage/tool-fields-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'strict, defer_loading and the other fields of a tool arrive as they were',
  because: 'Arguments miss the schema they were promised to meet, or a thousand tools are read at full price.',
  breaks: ['claude-code'],
  source: claudeCode(
    'llm-gateway-protocol',
    'Tool-related beta headers pair with tool schema fields such as strict and defer_loading',
  ),
  least: 'passage/agent',
  ...toolsKept((field) => besideTheSchema.has(field)),
})

export const breakpointsKept = requirement('passage/breakpoints-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'every breakpoint of the prompt cache arrives, where it was',
  because: 'Without it the whole conversation is read anew with every turn, at ten times the price.',
  breaks: ['claude-code'],
  source: unchanged,
  every: 'passage',
  least: 'passage/agent',
  where: (passage) => relayed(passage) && breakpointsOf(passage.sent).length > 0,
  *check({ sent, arrived }) {
    const there = breakpointsOf(arrived)
    for (const { at, behind } of breakpointsOf(sent))
      if (!there.some((one) => one.behind === behind))
        yield { at, expected: 'a breakpoint', actual: there.length === 0 ? 'none at all' : 'none there' }
  },
})

export const ttlKept = requirement('passage/ttl-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'every breakpoint of the prompt cache lives as long as was asked',
  because: 'What was to live for an hour is gone after five minutes, and is written again at the price of a write.',
  breaks: ['claude-code'],
  source: docs(
    'build-with-claude/prompt-caching',
    'If you find that 5 minutes is too short, Anthropic also offers a 1-hour cache duration',
  ),
  every: 'passage',
  least: 'passage/agent',
  where: (passage) => relayed(passage) && breakpointsOf(passage.sent).length > 0,
  *check({ sent, arrived }) {
    const there = new Map(breakpointsOf(arrived).map(({ behind, ttl }) => [behind, ttl]))
    for (const { at, behind, ttl } of breakpointsOf(sent)) {
      const other = there.get(behind) ?? ttl
      if (other !== ttl) yield { at: `${at}/ttl`, expected: ttl, actual: other }
    }
  },
})
