import type { Message } from '../../schemas/types.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { show } from '../harness/views/finding.ts'
import type { Passage } from '../harness/views/passage.ts'
import { textOf } from '../harness/views/text.ts'
import { see } from '../harness/views/views.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { isObject, parseJson } from '../harness/wire/json.ts'
import { claudeCode, docs, unchanged } from '../sources.ts'
import { calls } from '../tools/calls.ts'
import { inputTotal } from '../usage/usage.ts'
import { completionIn, type Completion } from './completion.ts'
import { changed, lost } from './lost.ts'
import { onTranslation, translated } from './translation.ts'

/* What becomes of the answer of an upstream of Chat Completions on its way back. */

/** Both sides of an answer that came to its end behind, and was heard to its end in front. */
interface Answered {
  readonly said: Completion
  readonly message: Message
}

function answered(passage: Passage, exchange: Exchange): Answered | null {
  const { came } = exchange
  if (!translated(passage) || came.kind !== 'answer' || came.ends === 'hung-up') return null
  const said = completionIn(passage.behind)
  const message = see(exchange, 'message')
  return said?.whole && message.is === 'there' ? { said, message: message.value } : null
}

export const textKept = requirement('passage/chat-answer-text', {
  ...onTranslation,
  level: 'must',
  title: 'all text that the upstream says comes back, also what stands before a call, and nothing else does',
  because: 'Half an answer reads like a whole one, and what was thought, or added, like a part of it.',
  source: unchanged,
  where: (passage, exchange) => (answered(passage, exchange)?.said.text.trim() ?? '') !== '',
  *check(passage, exchange) {
    const { said, message } = answered(passage, exchange) ?? nothing()
    const text = textOf(message)
    const [from, to] = [plain(said.text), plain(text)]
    // A gateway may look for stop sequences itself; and thoughts that nobody asked for have no other place.
    const isStopped = passage.sent['stop_sequences'] !== undefined && from.startsWith(to)
    const isThought = said.thought !== '' && passage.sent['thinking'] === undefined && to.includes(from)
    if (from !== to && !isStopped && !isThought) yield { at: '/content', expected: show(said.text), actual: show(text) }
  },
})

/** Asked by `where` before. */
function nothing(): never {
  throw new Error('A passage without an answer on both sides is no subject.')
}

function plain(text: string): string {
  return text.replaceAll(/\s+/g, '')
}

export const callsKept = requirement('passage/chat-answer-calls', {
  ...onTranslation,
  level: 'must',
  title: 'every call that the upstream makes comes back, in its order, with its name and its arguments',
  because: 'What comes back is run: without a call nothing is done, and with other arguments something else.',
  source: unchanged,
  least: 'tools/single',
  where: (passage, exchange) => {
    const { said } = answered(passage, exchange) ?? {}
    // What was cut in the middle of its arguments is no call yet.
    return said !== undefined && said.calls.length > 0 && said.finish !== 'length'
  },
  *check(passage, exchange) {
    const { said, message } = answered(passage, exchange) ?? nothing()
    const there = calls(message)
    for (const [index, call] of said.calls.entries()) {
      const at = `/content (call ${index + 1})`
      if (there[index]?.name !== call.name) yield changed(`${at}/name`, call.name, there[index]?.name)
      else yield* lost(call.input, there[index]?.input, `${at}/input`)
    }
    if (there.length > said.calls.length)
      yield { at: '/content', expected: `${said.calls.length} calls`, actual: `${there.length}` }
  },
})

export const stopKept = requirement('passage/chat-answer-stop', {
  ...onTranslation,
  level: 'must',
  title:
    'finish_reason comes back as what it means: calls as tool_use, length as max_tokens, content_filter as refusal',
  because: 'Agents decide by it whether to run a tool, go on or stop.',
  source: docs('api/messages/create', 'the model invoked one or more tools'),
  where: (passage, exchange) => (answered(passage, exchange)?.said.finish ?? null) !== null,
  *check(passage, exchange) {
    const { said, message } = answered(passage, exchange) ?? nothing()
    const wanted = meant(said)
    if (!wanted.includes(message.stop_reason ?? ''))
      yield { at: '/stop_reason', expected: wanted.join(' or '), actual: show(message.stop_reason) }
  },
})

/** What a word means; calls are meant to be run, whatever the word. */
function meant({ finish, calls: made }: Completion): readonly string[] {
  if (finish === 'length') return ['max_tokens', 'model_context_window_exceeded']
  if (finish === 'content_filter') return ['refusal']
  return made.length > 0 ? ['tool_use'] : ['end_turn', 'stop_sequence']
}

export const usageKept = requirement('passage/chat-answer-usage', {
  ...onTranslation,
  level: 'should',
  title: 'the tokens that the upstream counts come back: all of the prompt, and all of the answer',
  because: 'Budgets and bills are added up from them.',
  source: docs(
    'api/messages/create',
    'Total input tokens in a request is the summation of input_tokens, cache_creation_input_tokens, and cache_read_input_tokens.',
  ),
  where: (passage, exchange) => (answered(passage, exchange)?.said.usage ?? null) !== null,
  *check(passage, exchange) {
    const { said, message } = answered(passage, exchange) ?? nothing()
    const { prompt_tokens: prompt, completion_tokens: completion } = said.usage ?? {}
    if (inputTotal(message.usage) !== prompt) yield changed('/usage/input_tokens', prompt, inputTotal(message.usage))
    if (message.usage.output_tokens !== completion)
      yield changed('/usage/output_tokens', completion, message.usage.output_tokens)
  },
})

/** The status of an upstream that failed; null where it did not. */
function failedWith({ behind }: Passage): number | null {
  const { came } = behind
  return came.kind === 'answer' && came.status >= 400 ? came.status : null
}

export const failureShown = requirement('passage/chat-failure-shown', {
  ...onTranslation,
  level: 'must',
  title: 'what the upstream refuses or fails to do comes back as an error',
  because: 'An error that is told as an answer is believed, and never tried again.',
  source: claudeCode(
    'llm-gateway-rollout',
    "Claude Code's automatic recovery matches on error wording, so wrapping errors in the gateway's own envelope breaks it",
  ),
  least: 'upstream/overloaded',
  where: (passage) => translated(passage) && failedWith(passage) !== null,
  *check(passage, { came }) {
    if (came.kind === 'answer' && came.status < 400)
      yield {
        at: 'status',
        expected: `an error, as the upstream's ${failedWith(passage)}`,
        actual: String(came.status),
      }
  },
})

export const statusKept = requirement('passage/chat-error-status', {
  ...onTranslation,
  level: 'should',
  title: 'an error of the upstream comes back under a status that means the same',
  because: 'By the status clients know whether to wait, to try again or to give up.',
  source: claudeCode(
    'llm-gateway-rollout',
    "Claude Code's automatic recovery matches on error wording, so wrapping errors in the gateway's own envelope breaks it",
  ),
  least: 'upstream/overloaded',
  where: (passage, { came }) => {
    const status = failedWith(passage)
    // Those of the operator's key are the operator's affair.
    return (
      translated(passage) &&
      status !== null &&
      status !== 401 &&
      status !== 403 &&
      came.kind === 'answer' &&
      came.status >= 400
    )
  },
  *check(passage, { came }) {
    const [said, told] = [failedWith(passage) ?? 0, came.kind === 'answer' ? came.status : 0]
    const same = said >= 500 ? told >= 500 : said === 422 ? told === 400 || told === 422 : told === said
    if (!same) yield { at: 'status', expected: said >= 500 ? '500 or more' : String(said), actual: String(told) }
  },
})

export const errorPlain = requirement('passage/chat-error-plain', {
  ...onTranslation,
  level: 'should',
  title: 'the message of an error is a sentence, and not the JSON of the upstream',
  because: 'Clients show it to people, and recover by its words.',
  source: claudeCode(
    'llm-gateway-rollout',
    "Claude Code's automatic recovery matches on error wording, so wrapping errors in the gateway's own envelope breaks it",
  ),
  least: 'upstream/overloaded',
  where: (passage, exchange) =>
    translated(passage) && failedWith(passage) !== null && see(exchange, 'error').is === 'there',
  *check(_, exchange) {
    const error = see(exchange, 'error')
    const message = error.is === 'there' ? error.value.error.message : ''
    const inner = parseJson(message.slice(Math.max(0, message.indexOf('{')), message.lastIndexOf('}') + 1))
    if (isObject(inner) && ('error' in inner || 'message' in inner || 'detail' in inner))
      yield { at: '/error/message', expected: 'a sentence', actual: show(message) }
  },
})
