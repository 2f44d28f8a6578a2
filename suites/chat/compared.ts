import { requirement } from '../harness/judge/requirement.ts'
import type { PlacedFinding } from '../harness/views/placed.ts'
import { otherStatus } from '../harness/views/placed.ts'
import { show } from '../harness/views/finding.ts'
import { textOf } from '../harness/views/text.ts'
import { isObject, objects, parseJson, type JsonObject } from '../harness/wire/json.ts'
import { opinion } from '../sources.ts'
import { calls } from '../tools/calls.ts'
import { inputTotal } from '../usage/usage.ts'

/* What the same Base URL answers to the same question as Chat Completions: for whoever moves a program from one to the other. */

const oneModel = opinion('Both endpoints stand in front of one model: what one of them answers, the other can answer.')

export const served = requirement('chat/served', {
  level: 'may',
  profile: 'minimum',
  title: 'Chat Completions is served at the same Base URL',
  because: 'Where it is not, there is nothing to compare.',
  breaks: [],
  source: oneModel,
  reads: { 'chat/hello': 'answer' },
  *check(answers) {
    yield* otherStatus(answers, 200)
  },
})

export const sameContent = requirement('chat/same-content', {
  level: 'should',
  profile: 'minimum',
  title: 'where one endpoint answers with a text, so does the other',
  because: 'A program that is moved loses its answers.',
  breaks: [],
  source: oneModel,
  after: ['chat/served'],
  reads: { 'messages/hello': 'message', 'chat/hello': 'text' },
  unless: ({ 'chat/hello': chat }) => answerIn(chat) === null,
  *check({ 'messages/hello': message, 'chat/hello': chat }) {
    const [here, there] = [textOf(message) !== '', String(answerIn(chat)?.message['content'] ?? '') !== '']
    const words = (has: boolean): string => (has ? 'a text' : 'no text')
    if (here !== there)
      yield {
        fixture: 'chat/hello',
        at: '/choices/0/message/content',
        expected: `${words(here)}, as Messages has`,
        actual: words(there),
      }
  },
})

/** What the words for an end mean in Messages. */
const endings: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['stop', ['end_turn', 'stop_sequence']],
  ['length', ['max_tokens', 'model_context_window_exceeded']],
  ['tool_calls', ['tool_use']],
  ['function_call', ['tool_use']],
  ['content_filter', ['refusal']],
])

export const sameStop = requirement('chat/same-stop', {
  level: 'should',
  profile: 'minimum',
  title: 'both endpoints say in their own words why the same answer ended',
  because: 'A program that is moved goes on where it stopped, or stops where it went on.',
  breaks: [],
  source: oneModel,
  after: ['chat/served'],
  reads: { 'messages/hello': 'message', 'chat/hello': 'text', 'messages/cut': 'message', 'chat/cut': 'text' },
  unless: ({ 'chat/cut': chat }) => answerIn(chat) === null,
  *check(read) {
    for (const name of ['hello', 'cut'] as const) {
      const said = answerIn(read[`chat/${name}`])?.finish
      const { stop_reason } = read[`messages/${name}`]
      if (!(endings.get(said) ?? []).includes(stop_reason)) yield unlike(name, stop_reason, said)
    }
  },
})

function unlike(name: 'hello' | 'cut', reason: string, said: unknown): PlacedFinding<'chat/hello' | 'chat/cut'> {
  const meant = [...endings].flatMap(([word, reasons]) => (reasons.includes(reason) ? [String(word)] : []))
  return {
    fixture: `chat/${name}`,
    at: '/choices/0/finish_reason',
    expected: `${meant.join(' or ') || 'its own word'}, as Messages says ${reason}`,
    actual: show(said),
  }
}

export const sameArguments = requirement('chat/same-arguments', {
  level: 'should',
  profile: 'minimum',
  title: 'the argument of a tool comes through both endpoints',
  because: 'A tool that is called without its arguments does something else.',
  breaks: [],
  source: oneModel,
  after: ['chat/served', 'tools/offered'],
  reads: { 'tools/single': 'message', 'chat/tool': 'text' },
  unless: ({ 'tools/single': message, 'chat/tool': chat }) => calls(message).length === 0 || argumentsIn(chat) === null,
  *check({ 'tools/single': message, 'chat/tool': chat }, exchanges) {
    const here = calls(message)[0]?.input['word']
    const there = argumentsIn(chat)?.['word']
    // Each was asked for its own word: a second try has another one.
    const [wanted, wantedThere] = [exchanges['tools/single'].values['word'], exchanges['chat/tool'].values['word']]
    const [isHere, isThere] = [here === wanted, there === wantedThere]
    if (isHere !== isThere)
      yield {
        fixture: 'chat/tool',
        at: '/choices/0/message/tool_calls/0/function/arguments',
        expected: isHere ? `word "${wantedThere}", as Messages has its own` : `what Messages has, ${show(here)}`,
        actual: show(there),
      }
  },
})

export const sameUsage = requirement('chat/same-usage', {
  level: 'should',
  profile: 'minimum',
  title: 'both endpoints count about the same input for the same question',
  because: 'One question has one price.',
  breaks: [],
  source: oneModel,
  after: ['chat/served'],
  reads: { 'messages/hello': 'message', 'chat/hello': 'text' },
  unless: ({ 'chat/hello': chat }) => typeof answerIn(chat)?.usage['prompt_tokens'] !== 'number',
  *check({ 'messages/hello': message, 'chat/hello': chat }) {
    const [here, there] = [inputTotal(message.usage), Number(answerIn(chat)?.usage['prompt_tokens'])]
    if (Math.abs(here - there) > Math.max(10, Math.max(here, there) / 5))
      yield {
        fixture: 'chat/hello',
        at: '/usage/prompt_tokens',
        expected: `about ${here}, as Messages has it`,
        actual: String(there),
      }
  },
})

interface ChatAnswer {
  readonly message: JsonObject
  readonly finish: unknown
  readonly usage: JsonObject
}

/** The one answer of a chat completion; null where it is none. */
function answerIn(text: string): ChatAnswer | null {
  const completion = parseJson(text)
  const [choice] = isObject(completion) ? objects(completion['choices']) : []
  if (!isObject(completion) || !choice || !isObject(choice['message'])) return null
  const usage = isObject(completion['usage']) ? completion['usage'] : {}
  return { message: choice['message'], finish: choice['finish_reason'], usage }
}

/** The arguments of its first call; null where nothing is called. */
function argumentsIn(text: string): JsonObject | null {
  const [call] = objects(answerIn(text)?.message['tool_calls'])
  if (!call || !isObject(call['function'])) return null
  const input = parseJson(String(call['function']['arguments']))
  return isObject(input) ? input : {}
}
