import type { HeaderList } from '../wire/exchange.ts'
import { isObject, objects, type JsonObject } from '../wire/json.ts'
import { credentialsSent } from './credentials-sent.ts'

/** The values that the request of an entry proves itself with. */
export function credentialsOf({ request }: JsonObject): readonly string[] {
  if (!isObject(request)) return []
  const headers = objects(request['headers']).flatMap(({ name, value }) =>
    typeof name === 'string' && typeof value === 'string' ? [[name, value] as const] : [],
  )
  const posted = isObject(request['postData']) ? request['postData']['text'] : undefined
  return credentialsSent(headers, textOf(request['url']) ?? '', textOf(posted))
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** A string of JSON; longer than any header is none. */
const string = String.raw`"((?:[^"\\]|\\.){0,16000})"`
const nameAndValue = new RegExp(String.raw`"name"\s*:\s*${string}\s*,\s*"value"\s*:\s*${string}`, 'g')
const valueAndName = new RegExp(String.raw`"value"\s*:\s*${string}\s*,\s*"name"\s*:\s*${string}`, 'g')
const address = new RegExp(String.raw`"url"\s*:\s*${string}`, 'g')

/**
 * The same of a part of an entry that is too large to be read, given as Latin-1: whatever stands there as headers and URLs do. Other
 * entries may hold an answer that says its key.
 */
export function credentialsIn(part: string): readonly string[] {
  const headers: HeaderList = [
    ...[...part.matchAll(nameAndValue)].map(([, name = '', value = '']) => [meant(name), meant(value)] as const),
    ...[...part.matchAll(valueAndName)].map(([, value = '', name = '']) => [meant(name), meant(value)] as const),
  ]
  const urls = [...part.matchAll(address)].flatMap(([, url = '']) => credentialsSent([], meant(url)))
  return [...credentialsSent(headers, ''), ...urls]
}

/** What stands between the quotes of a string of JSON; nothing where it is none. */
function meant(latin: string): string {
  try {
    return String(JSON.parse(`"${Buffer.from(latin, 'latin1').toString()}"`))
  } catch {
    return ''
  }
}
