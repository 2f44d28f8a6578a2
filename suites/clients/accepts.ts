import type { ClientSetting } from '../../schemas/types.ts'
import { settingFor } from '../harness/judge/client-settings.ts'
import { requirement } from '../harness/judge/requirement.ts'
import type { Finding } from '../harness/views/finding.ts'
import { each, isFailure } from '../harness/views/placed.ts'
import { refusal } from '../harness/views/served.ts'
import { see } from '../harness/views/views.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { measured } from '../sources.ts'

/*
 * What Claude Code sends with every turn and cannot do without: each field by itself, in a turn of its own. It is served, or refused in
 * words by which Claude Code leaves it out and asks again; a refusal in any other words ends the first prompt, however polite it is.
 * That a capability is declined makes none of it not applicable.
 */

/** What may stand for the words of a refusal. Source: https://code.claude.com/docs/en/llm-gateway-protocol */
const token = /capability_rejected: \w/

/** Whoever refuses in no words that can be read is told so, and once. */
const plainly = ['auth/version-2023-06-01', 'errors/envelope', 'errors/plain-message', 'errors/nothing-leaked'] as const

const seen = (finding: string) => measured('claude-code', '2.1.332', '2026-11-26', finding)
const because =
  'It is in every request of a session, and a refusal in any other words ends the first prompt: "API Error: 400".'

export const thinking = requirement('clients/accepts-thinking', {
  level: 'must',
  profile: 'claude-code',
  title: 'the thinking that Claude Code asks for is served, or refused in words by which it asks for the other form',
  because,
  breaks: [],
  source: seen(
    'ends its first prompt where thinking is refused, unless the error says that thinking.type.adaptive is not supported and thinking.type.enabled is served',
  ),
  after: ['auth/version-2023-06-01'],
  reads: { 'clients/thinking:stream': 'answer' },
  *check(_, exchanges) {
    const other = /thinking\.type[^a-z]{1,8}adaptive[^]*?not supported|\badaptive thinking is not supported/i
    yield* each(
      exchanges,
      unless((words) => other.test(words), settingFor['clients/accepts-thinking']),
    )
  },
})

export const effort = requirement('clients/accepts-effort', {
  level: 'must',
  profile: 'claude-code',
  title: 'the effort that Claude Code asks for is served, or refused in words by which it leaves it out',
  because,
  breaks: [],
  source: seen(
    'ends its first prompt where output_config.effort is refused, unless the error says that the effort parameter is not supported, or an extra input, or effort_unsupported',
  ),
  after: ['auth/version-2023-06-01'],
  reads: { 'clients/effort:stream': 'answer' },
  *check(_, exchanges) {
    yield* each(
      exchanges,
      unless(
        (words) =>
          (/effort parameter/i.test(words) && /not support/i.test(words)) ||
          (/output_config[^]*effort/i.test(words) && /extra inputs are not permitted/i.test(words)) ||
          /capability_rejected: effort_unsupported(?![\w:.-])/.test(words),
        settingFor['clients/accepts-effort'],
      ),
    )
  },
})

export const caching = requirement('clients/accepts-caching', {
  level: 'must',
  profile: 'claude-code',
  title: 'the breakpoints that Claude Code sets are served',
  because,
  breaks: [],
  source: seen('ends its first prompt where cache_control is refused, in whatever words'),
  after: ['auth/version-2023-06-01'],
  reads: { 'clients/breakpoints:stream': 'answer' },
  *check(_, exchanges) {
    yield* each(
      exchanges,
      unless(() => false, settingFor['clients/accepts-caching']),
    )
  },
})

export const contextManagement = requirement('clients/accepts-context-management', {
  level: 'must',
  profile: 'claude-code',
  title: 'the context_management that Claude Code sends is served, or refused in words by which it leaves it out',
  because,
  breaks: [],
  source: seen(
    'ends its first prompt where context_management is refused, unless the error says context_management: Extra inputs are not permitted',
  ),
  after: ['clients/context-management'],
  reads: { 'clients/context-management': 'text' },
  *check(_, exchanges) {
    const extra = /context_management: Extra inputs are not permitted/
    yield* each(
      exchanges,
      unless((words) => extra.test(words), settingFor['clients/accepts-context-management']),
    )
  },
})

export const perTurnEffort = requirement('clients/per-turn-effort', {
  level: 'should',
  profile: 'claude-code',
  title: 'the effort of a single turn is taken, or refused in words by which Claude Code leaves it out',
  because: 'It is sent to models that are named opus or sonnet; a refusal in other words ends the first prompt there.',
  breaks: [],
  source: seen(
    'sends the effort of a turn in its system message to models that are named opus or sonnet, and asks again without it where the error says output_config: Extra inputs are not permitted',
  ),
  after: plainly,
  // For free: max_tokens is missing, and whoever speaks of something else refuses that first, or fails on that.
  reads: { 'clients/per-turn': 'answer', 'validation/no-max-tokens': 'answer' },
  unless: ({ 'validation/no-max-tokens': without }) => isFailure(without),
  *check(_, { 'clients/per-turn': turn }) {
    const extra = /\boutput_config: Extra inputs are not permitted/
    yield* each(
      { 'clients/per-turn': turn },
      unless((words, status) => {
        const isOfSomethingElse = status < 500 && !/output_config|effort/i.test(words)
        return isOfSomethingElse || extra.test(words) || token.test(words)
      }),
    )
  },
})

export const largeOutput = requirement('clients/large-output', {
  level: 'should',
  profile: 'claude-code',
  title: 'more max_tokens than there is are taken, or refused in words that name the most there is',
  because: 'Claude Code asks for more than many models can say, and asks again with the figure that it is told.',
  breaks: [],
  source: seen(
    'asks for a max_tokens of 32000, or 128000 of opus and sonnet, and asks again with the figure of an error that says max_tokens: N > M, which is the maximum allowed',
  ),
  after: plainly,
  // Whoever fails on any max_tokens that is wrong is told so there.
  reads: { 'clients/large-output': 'answer', 'validation/negative-max-tokens': 'answer' },
  unless: ({ 'validation/negative-max-tokens': below }) => isFailure(below),
  *check(_, { 'clients/large-output': large }) {
    const most = /max_tokens: \d+ > \d+, which is the maximum allowed/
    yield* each(
      { 'clients/large-output': large },
      unless((words) => most.test(words) || token.test(words)),
    )
  },
})

/** Whether Claude Code goes on after a refusal in these words. */
type Recovers = (words: string, status: number) => boolean

/** A finding where a turn is refused otherwise; it names the setting that helps, where there is one. */
function unless(recovers: Recovers, setting?: ClientSetting) {
  return function* (exchange: Exchange): Iterable<Finding> {
    const refused = refusal(exchange)
    const error = see(exchange, 'error')
    const words = error.is === 'there' ? error.value.error.message : ''
    const status = exchange.came.kind === 'answer' ? exchange.came.status : 0
    const otherwise = setting === undefined ? '' : `; else set ${setting}`
    if (refused && !recovers(words, status))
      yield { ...refused, expected: `200, or words that Claude Code recovers from${otherwise}` }
  }
}
