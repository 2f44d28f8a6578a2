import type { Fixture } from '../../schemas/types.ts'
import { isObject } from '../harness/wire/json.ts'

/* The requests of the suite as somebody else would have put them: a fault, or a check, that knows ours by a word shows here. */

/** Each word, and what stands for it. What the reference model understands of a question stays: it is how a request asks. */
const words: ReadonlyMap<string, string> = new Map([
  ['codeword', 'watchword'],
  ['record_word', 'note_term'],
  ['get_weather', 'tide_at'],
  ['weather', 'tides'],
  ['Record', 'Note'],
  ['records', 'notes'],
  ['Recorded', 'Noted'],
  ['Sunny', 'Calm'],
  ['Paris', 'Lima'],
  ['Rome', 'Quito'],
  ['Oslo', 'Cusco'],
  ['Lisbon', 'Porto'],
  ['hello', 'good morning'],
  ['Hello', 'Good morning'],
  ['planets', 'rivers'],
  ['harbour', 'orchard'],
  ['Harbour', 'Orchard'],
  ['quick', 'calm'],
  ['brown', 'grey'],
  ['fox', 'heron'],
  ['lazy', 'idle'],
  ['dog', 'otter'],
  ['STOPPROBE', 'HALTMARK'],
  ['OAK', 'ELM'],
  ['TAMARIND', 'MULBERRY'],
  ['lighthouse', 'windmill'],
  ['Boats', 'Carts'],
  ['market', 'fair'],
  ['noon', 'dusk'],
  ['birds', 'fish'],
  ['Part', 'Chapter'],
  ['Say the same word once more', 'Repeat that word once again'],
  ['The first month is', 'The first day is'],
  ['What colour is this picture', 'Which colour has this picture'],
  ['second picture', 'other picture'],
  ['picture that the tool gave', 'picture from the tool'],
  ['This document is short', 'This text is brief'],
  ['list_files', 'list_pages'],
  ['book_seats', 'hold_places'],
  ['no_such_field', 'field_of_nobody'],
])

const longestFirst = [...words.keys()].toSorted((one, another) => another.length - one.length)
const word = new RegExp(`\\b(?:${longestFirst.join('|')})\\b`, 'g')
const number = /(?<![\w.:/-])\d{2,}(?![\w:/-]|\.\d)/g
const callId = /\btoolu_(?=\w)/g

/** What stays: the protocol's own words, a schema that a check knows, and within texts placeholders and faults by name. */
const kept = new Set(['type', 'role', 'model', 'media_type', 'url', 'output_config'])
const fixed = /(\{\{\w+\}\}|\[mock-fault: [^\]]*\])/

/** The fixtures with other words in their texts, other names for their tools and arguments, and other values. */
export function inOtherWords<F extends Readonly<Record<string, Fixture>>>(fixtures: F): F {
  const entries = Object.entries(fixtures).map(([name, fixture]) => [name, reworded(fixture)])
  return Object.fromEntries(entries) as F
}

/** What of a fixture is somebody's words. */
const authored = new Set(['body', 'result', 'then'])

function reworded(fixture: Fixture): Fixture {
  const { values } = fixture
  // A PDF says what it says, and its question asks for that.
  if (values?.some((one) => Object.values(one).some((value) => value.startsWith('JVBERi0')))) return fixture
  const parts = Object.entries(fixture).map(([part, value]) => [part, authored.has(part) ? said(value) : value])
  return { ...(Object.fromEntries(parts) as Fixture), ...(values && { values: values.map(otherValues) }) }
}

function said(value: unknown, key = ''): unknown {
  if (kept.has(key)) return value
  if (typeof value === 'string') return other(value)
  if (Array.isArray(value)) return value.map((one) => said(one, key))
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [other(name), said(one, name)]))
}

function other(text: string): string {
  const parts = text.split(fixed)
  return parts.map((part, at) => (at % 2 === 1 ? part : otherWords(part))).join('')
}

function otherWords(text: string): string {
  return text
    .replace(word, (one) => words.get(one) ?? one)
    .replace(number, (one) => String(Math.round(Number(one) * 1.1)))
    .replace(callId, 'toolu_of_another_')
}

/** Words in capitals and their numbers, as values have them, are another word and number; what goes with something packed has to fit that. */
function otherValues(values: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (Object.values(values).some(isPacked)) return values
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, turned(other(value))]))
}

function isPacked(value: string): boolean {
  return value.startsWith('{') || /^[A-Za-z0-9+/=]{40,}$/.test(value)
}

function turned(value: string): string {
  return value.replaceAll(/[A-Z]{3,}-\d{3,}/g, (name) =>
    [...name].map((one) => (/[A-Z]/.test(one) ? shifted(one, 'A', 26, 7) : shifted(one, '0', 10, 3))).join(''),
  )
}

function shifted(one: string, first: string, count: number, by: number): string {
  const from = first.charCodeAt(0)
  return one === '-' ? one : String.fromCharCode(from + ((one.charCodeAt(0) - from + by) % count))
}
