import { requirement, type EverySubject } from '../harness/judge/requirement.ts'
import type { Finding } from '../harness/views/finding.ts'
import type { Passage } from '../harness/views/passage.ts'
import type { HeaderList } from '../harness/wire/exchange.ts'
import { header } from '../harness/wire/headers.ts'
import { isObject, own, type JsonObject } from '../harness/wire/json.ts'
import { claudeCode, unchanged } from '../sources.ts'
import { changed, lost } from './lost.ts'
import { relayed } from './parts.ts'

/* What becomes of the fields and headers of a request on its way to an upstream of the same protocol. */

/** Judged on every request that says one of these fields: each arrives as it was sent, unless `check` says otherwise. */
function fieldsKept(
  fields: readonly string[],
  check: (passage: Passage) => Iterable<Finding> = (passage) => lostFields(fields, passage),
): EverySubject<'passage'> {
  const says = ({ sent }: Passage): boolean => fields.some((field) => sent[field] !== undefined && sent[field] !== null)
  return { every: 'passage', where: (passage) => relayed(passage) && says(passage), check }
}

function* lostFields(fields: readonly string[], { sent, arrived }: Passage): Iterable<Finding> {
  for (const field of fields) if (field in sent) yield* lost(sent[field], arrived[field], `/${field}`)
}

/** The part of output_config that has this name, on both sides, whatever the older field for it is called. */
function configKept(name: string, older?: string): EverySubject<'passage'> {
  const of = (body: JsonObject): unknown => {
    const { output_config: config } = body
    return (isObject(config) ? own(config, name) : undefined) ?? (older === undefined ? undefined : body[older])
  }
  return {
    every: 'passage',
    where: (passage) => relayed(passage) && of(passage.sent) != null,
    *check({ sent, arrived }) {
      // A model of an older generation is told the effort as a budget of tokens.
      if (!(name === 'effort' && isBudget(arrived['thinking'])))
        yield* lost(of(sent), of(arrived), `/output_config/${name}`)
    },
  }
}

function isBudget(thinking: unknown): boolean {
  return isObject(thinking) && thinking['type'] === 'enabled' && typeof thinking['budget_tokens'] === 'number'
}

/** Whether the least budget there is, which max_tokens has to exceed, fits. Source: https://platform.claude.com/docs/en/build-with-claude/extended-thinking */
function hasRoom({ max_tokens: limit }: JsonObject): boolean {
  return typeof limit !== 'number' || limit > 1024
}

export const limitKept = requirement('passage/limit-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'max_tokens arrives as it was sent',
  because:
    'Lowered on the way, answers and the arguments of tools end in the middle; raised, they cost more than was allowed.',
  breaks: ['claude-code'],
  source: unchanged,
  ...fieldsKept(['max_tokens']),
})

export const samplingKept = requirement('passage/sampling-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'temperature, top_p and top_k arrive as they were sent',
  because: 'Whoever asked for answers that vary less gets the default, and nothing says so.',
  breaks: [],
  source: unchanged,
  least: 'passage/sampling',
  ...fieldsKept(['temperature', 'top_p', 'top_k']),
})

export const stopsKept = requirement('passage/stop-sequences-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'stop_sequences arrive as they were sent',
  because: 'The model writes on past the place where it was told to stop, and all of it is paid for.',
  breaks: [],
  source: unchanged,
  least: 'passage/options',
  ...fieldsKept(['stop_sequences']),
})

export const thinkingKept = requirement('passage/thinking-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'thinking arrives as it was sent; adaptive may become enabled with a budget',
  because: 'Dropped behind a 200, the model thinks less than it was asked to, or not at all.',
  breaks: ['claude-code'],
  source: claudeCode(
    'llm-gateway-protocol',
    'Claude Code sends thinking: {"type": "adaptive"} for Claude 4.6 and later, and treats model names it doesn\'t recognize, such as gateway aliases, as current models that receive the field',
  ),
  least: 'passage/options',
  ...fieldsKept(['thinking'], function* ({ sent, arrived }) {
    const [from, to] = [sent['thinking'], arrived['thinking']]
    // To a model of an older generation, the one stands for the other; where the limit leaves no room for a budget, nothing does.
    const stands = isBudget(to) || (to === undefined && !hasRoom(arrived))
    if (!(isObject(from) && from['type'] === 'adaptive' && stands)) yield* lost(from, to, '/thinking')
  }),
})

const outputConfig = claudeCode('llm-gateway-protocol', 'Forward the field and its headers together')

export const effortKept = requirement('passage/effort-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'output_config.effort arrives as it was sent',
  because: 'What the user chose in the client changes nothing: the model works at its default, and is billed by it.',
  breaks: ['claude-code'],
  source: outputConfig,
  least: 'passage/options',
  ...configKept('effort'),
})

export const formatKept = requirement('passage/format-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'the format of a structured output arrives as it was sent, its schema whole',
  because: 'Without it the model answers in prose, and parsing fails.',
  breaks: ['typescript-sdk', 'claude-code'],
  source: outputConfig,
  least: 'output/structured',
  ...configKept('format', 'output_format'),
})

export const contextKept = requirement('passage/context-management-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'context_management arrives as it was sent',
  because: 'Old results of tools are never cleared: the session fills its window, and pays for all of it each turn.',
  breaks: ['claude-code'],
  source: claudeCode(
    'llm-gateway-protocol',
    'Context management beta header pairs with the context_management body field',
  ),
  least: 'clients/context-management',
  ...fieldsKept(['context_management']),
})

export const choiceKept = requirement('passage/tool-choice-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'tool_choice arrives as it was sent',
  because: 'A tool that had to be called is not, or two are called where one was allowed.',
  breaks: ['claude-code'],
  source: unchanged,
  least: 'passage/agent',
  ...fieldsKept(['tool_choice']),
})

/** Fields that a requirement of their own looks at, or that a gateway may change. What is not named here stands for itself. */
const lookedAt: ReadonlySet<string> = new Set([
  'model',
  'stream',
  'messages',
  'system',
  'tools',
  'cache_control',
  'max_tokens',
  'temperature',
  'top_p',
  'top_k',
  'stop_sequences',
  'thinking',
  'output_config',
  'output_format',
  'context_management',
  'tool_choice',
])

function othersIn(body: JsonObject): readonly string[] {
  return Object.keys(body).filter((field) => !lookedAt.has(field) && body[field] !== null)
}

export const othersKept = requirement('passage/fields-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'metadata, service_tier, container, mcp_servers and the like arrive as they were sent',
  because: 'What is dropped behind a 200 was asked for, is missed by nobody, and is paid for all the same.',
  breaks: ['claude-code'],
  source: unchanged,
  least: 'passage/options',
  every: 'passage',
  where: (passage) => relayed(passage) && othersIn(passage.sent).length > 0,
  check: (passage) => lostFields(othersIn(passage.sent), passage),
})

/** The values of a header that is a list, from every line of it. */
function listed(headers: HeaderList, name: string): readonly string[] {
  return headers
    .filter(([key]) => key.toLowerCase() === name)
    .flatMap(([, value]) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '')
}

export const betasKept = requirement('passage/betas-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'every value of anthropic-beta arrives; more may be added',
  because:
    'Interleaved thinking and the longer window are asked for by this header alone: stripped, they are silently off; a field whose beta is gone is refused.',
  breaks: ['claude-code'],
  source: claudeCode('llm-gateway-protocol', "Forward the header verbatim; don't allowlist individual values"),
  every: 'passage',
  least: 'passage/agent',
  where: (passage, { sent }) => relayed(passage) && listed(sent.headers, 'anthropic-beta').length > 0,
  *check({ behind, arrived }, { sent }) {
    const inBody = arrived['betas']
    const there = [...listed(behind.sent.headers, 'anthropic-beta'), ...(Array.isArray(inBody) ? inBody : [])]
    const gone = listed(sent.headers, 'anthropic-beta').filter((value) => !there.includes(value))
    if (gone.length > 0)
      yield { at: 'header anthropic-beta', expected: gone.join(', '), actual: there.join(', ') || 'absent' }
  },
})

export const versionKept = requirement('passage/version-kept', {
  level: 'must',
  profile: 'sdk',
  compares: 'request',
  title: 'anthropic-version arrives as it was sent',
  because: 'Under another version the upstream refuses what this one allows, or reads it otherwise.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: claudeCode(
    'llm-gateway-protocol',
    'Forward anthropic-version and anthropic-beta unchanged, plus anthropic-workspace-id when the upstream is the Claude Platform on AWS',
  ),
  every: 'passage',
  where: (passage, { sent }) => relayed(passage) && header(sent.headers, 'anthropic-version') !== undefined,
  *check({ behind }, { sent }) {
    const [from, to] = [sent, behind.sent].map(({ headers }) => header(headers, 'anthropic-version'))
    if (from !== to) yield { at: 'header anthropic-version', expected: from ?? '', actual: to ?? 'absent' }
  },
})

export const openLists = requirement('passage/open-lists', {
  level: 'should',
  profile: 'sdk',
  compares: 'request',
  title: 'anthropic-* headers that nobody knows yet arrive',
  because: 'A gateway that lets through what it knows breaks the next release of every client.',
  breaks: [],
  source: claudeCode(
    'llm-gateway-protocol',
    'pass anthropic-* request headers and request body fields through unchanged rather than allowlisting the ones you see today',
  ),
  every: 'passage',
  least: 'passage/agent',
  where: (passage, { sent }) => relayed(passage) && unknownHeaders(sent.headers).length > 0,
  *check({ behind }, { sent }) {
    for (const [name] of unknownHeaders(sent.headers))
      if (header(behind.sent.headers, name) === undefined) yield changed(`header ${name}`, 'there', undefined)
  },
})

function unknownHeaders(headers: HeaderList): HeaderList {
  return headers.filter(([name]) => /^anthropic-(?!beta$|version$|dangerous)/i.test(name))
}
