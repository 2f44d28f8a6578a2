import { isCredentialHeader, looksLikeCredential, namesCredential } from '../wire/credential-like.ts'
import type { HeaderList } from '../wire/exchange.ts'
import { isObject, parseJson } from '../wire/json.ts'
import { leastLength } from './traces.ts'

/**
 * The values that a request of somebody else proves itself with, as far as they can be told from other text: in its headers, in basic
 * credentials and cookies, in its URL, and in the fields of its body beside the messages, as servers behind the gateway are given them.
 */
export function credentialsSent(headers: HeaderList, url: string, body: string | null = null): readonly string[] {
  const found = headers.flatMap(([name, value]) => (isCredentialHeader(name, value) ? partsOf(name, value) : []))
  return [...found, ...partsOfUrl(url), ...fieldsOf(body)].filter(isTelling)
}

function partsOf(name: string, value: string): string[] {
  if (/cookie/i.test(name)) return value.split(/; */).map((part) => part.slice(part.indexOf('=') + 1))
  const basic = /^basic +(\S+)$/i.exec(value)?.[1]
  if (basic === undefined) return [value.replace(/^[\w-]+ +(?=\S+$)/, '')]
  const decoded = Buffer.from(basic, 'base64').toString()
  return [basic, decoded, decoded.slice(decoded.indexOf(':') + 1)]
}

/** Parameters that are named like a credential; and what looks like one, whatever it is called, or as a part of the path. */
function partsOfUrl(text: string): string[] {
  if (!URL.canParse(text)) return []
  const { pathname, searchParams } = new URL(text)
  return [
    ...[...searchParams].filter(([name, value]) => namesCredential(name) || looksLikeCredential(value)),
    ...pathname.split('/').flatMap((part) => (looksLikeCredential(part) ? [['', part] as const] : [])),
  ].map(([, value]) => value)
}

function fieldsOf(body: string | null): string[] {
  const request = body === null ? null : parseJson(body)
  if (!isObject(request)) return []
  // What is said to a model may be named like anything.
  return Object.entries(request).flatMap(([name, value]) => (name === 'messages' ? [] : namedWithin(name, value)))
}

/** The strings that are named like a credential: `mcp_servers[0].authorization_token`. */
function namedWithin(name: string, value: unknown): string[] {
  if (typeof value === 'string') return namesCredential(name) ? [value] : []
  if (Array.isArray(value)) return value.flatMap((one) => namedWithin(name, one))
  return isObject(value) ? Object.entries(value).flatMap(([inner, one]) => namedWithin(inner, one)) : []
}

/** What recorders write where a credential stood; a text may hold the same word. */
const placeholder = /^\W*(?:redacted|removed|filtered|masked|hidden|secret|dummy|placeholder|x+|\*+)\W*$/i

/** A placeholder, or a plain word or number as cookies hold them, is all over other texts. */
function isTelling(value: string): boolean {
  return value.length >= leastLength && !placeholder.test(value) && !/^(?:[a-z]{1,11}|\d{1,9})$/i.test(value)
}
