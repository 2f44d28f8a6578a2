import { isObject } from '../../suites/harness/wire/json.ts'
import type { Random } from './random.ts'
import type { Words } from './words.ts'

/* A JSON value, changed somewhere. Objects are made of entries: an assignment would lose a key such as __proto__. */

/** Keys whose values are the vocabulary of the contract: types, names, ids. */
const vocabulary =
  /^(?:type|role|model|id|name|stop_reason|stop_sequence|tool_use_id|event|service_tier|kind|fixture|env|format)$/

/** Places of one value that are chosen from; more of a large one are not looked at. */
const mostPlaces = 300

type Place = readonly (string | number)[]

/** A value of which one place is another: a value, a key, a thing more or less, or two things in each other's place. */
export function altered(value: unknown, random: Random, words: Words): unknown {
  const places = placesIn(value)
  const worded = places.filter((place) => vocabulary.test(String(place.at(-1))))
  if (worded.length > 0 && random.chance(0.4)) return replaced(value, random.pick(worded), () => anyWord(random, words))
  const place = random.pick(places)
  switch (random.below(7)) {
    case 0:
      return removed(value, place)
    case 1:
      return renamed(value, place, anyWord(random, words))
    case 2:
      return replaced(value, place, (inner) => doubled(inner, random, words))
    case 3:
      return replaced(value, place, () => at(value, random.pick(places)))
    case 4:
      return replaced(value, place, (inner) =>
        isObject(inner) ? Object.fromEntries([...Object.entries(inner), [anyWord(random, words), 1]]) : [inner],
      )
    default:
      return replaced(value, place, () => anyValue(random, words))
  }
}

/** A value of which one place is so large that all of it has about so many characters: a longer list, more keys, a longer text. */
export function swollen(value: unknown, random: Random, characters: number): unknown {
  return replaced(value, random.pick(placesIn(value)), (inner) => {
    const times = Math.ceil(characters / (JSON.stringify(inner).length + 1))
    if (typeof inner === 'string') return `${inner} `.repeat(times)
    if (Array.isArray(inner)) return Array.from({ length: times }, () => inner).flat()
    if (!isObject(inner)) return Array.from({ length: times }, () => inner)
    const entries = Object.entries(inner)
    return Object.fromEntries(
      Array.from({ length: times }, (_, time) =>
        entries.map(([key, one]) => [time > 0 ? `${key}${time}` : key, one]),
      ).flat(),
    )
  })
}

/** Any of the words; what stands for the secret is written into the JSON later, when it is text. */
export function anyWord(random: Random, words: Words): string {
  const kind = random.below(5)
  if (kind === 0) return marked(random.below(words.secrets.length))
  if (kind === 4) return random.pick(words.harmful)
  return random.chance(0.3) ? (words.known[0] ?? '') : random.pick(words.known)
}

function anyValue(random: Random, words: Words): unknown {
  const values: readonly unknown[] = [
    null,
    true,
    0,
    -1,
    1.5,
    1e308,
    Number.MAX_SAFE_INTEGER,
    [],
    {},
    [[]],
    [null],
    deep(),
  ]
  return random.chance(0.5) ? anyWord(random, words) : random.pick(values)
}

/** Deeper than anybody reads. */
function deep(): unknown {
  let value: unknown = 0
  for (let depth = 0; depth < 700; depth++) value = depth % 2 === 0 ? [value] : { a: value }
  return value
}

function doubled(value: unknown, random: Random, words: Words): unknown {
  if (Array.isArray(value)) return [...value, ...value]
  if (typeof value === 'string') return random.chance(0.5) ? value + value : value + anyWord(random, words)
  if (typeof value === 'number') return -value
  return isObject(value) ? [value, value] : value
}

const mark = '\uE000'

function marked(form: number): string {
  return `${mark}${form}${mark}`
}

/** JSON as text, the secret written in it as its forms say. */
export function written(value: unknown, words: Words): string {
  return withSecrets(JSON.stringify(value), words)
}

/** A text with the secret written where it was marked. */
export function withSecrets(text: string, words: Words): string {
  return text.replaceAll(/\uE000(\d+)\uE000/g, (_, form: string) => words.secrets[Number(form)] ?? '')
}

function placesIn(value: unknown): Place[] {
  const places: Place[] = [[]]
  for (let next = 0; next < places.length && places.length < mostPlaces; next++) {
    const place = places[next] ?? []
    const inner = at(value, place)
    const keys = Array.isArray(inner) ? inner.keys() : isObject(inner) ? Object.keys(inner) : []
    for (const key of keys) places.push([...place, key])
  }
  return places
}

function at(value: unknown, place: Place): unknown {
  return place.reduce<unknown>(
    (inner, key) =>
      Array.isArray(inner) ? inner[Number(key)] : isObject(inner) && Object.hasOwn(inner, key) ? inner[key] : undefined,
    value,
  )
}

/** `change` of what stands at a place; an empty list of entries takes it away, and several put more in its place. */
function changed(value: unknown, [key, ...rest]: Place, change: Change): unknown {
  const entry = ([own, inner]: [string, unknown]): readonly [string, unknown][] => {
    if (own !== String(key)) return [[own, inner]]
    return rest.length > 0 ? [[own, changed(inner, rest, change)]] : change(own, inner)
  }
  if (Array.isArray(value))
    return value.flatMap((inner, index) => entry([String(index), inner]).map(([, changedInner]) => changedInner))
  return isObject(value) ? Object.fromEntries(Object.entries(value).flatMap(entry)) : value
}

type Change = (key: string, inner: unknown) => readonly [string, unknown][]

function replaced(value: unknown, place: Place, by: (inner: unknown) => unknown): unknown {
  return place.length === 0 ? by(value) : changed(value, place, (key, inner) => [[key, by(inner)]])
}

function removed(value: unknown, place: Place): unknown {
  return place.length === 0 ? null : changed(value, place, () => [])
}

function renamed(value: unknown, place: Place, name: string): unknown {
  return place.length === 0 ? { [name]: value } : changed(value, place, (_, inner) => [[name, inner]])
}
