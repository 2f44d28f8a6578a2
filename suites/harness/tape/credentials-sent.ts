import { isCredentialHeader, namesCredential } from '../wire/credential-like.ts'
import type { HeaderList } from '../wire/exchange.ts'
import { leastLength } from './traces.ts'

/**
 * The values that a request of somebody else proves itself with, as far as they can be told from other text: in its headers, in basic
 * credentials and cookies, and in the parameters of its URL.
 */
export function credentialsSent(headers: HeaderList, url: string): readonly string[] {
  const found = headers.flatMap(([name, value]) => (isCredentialHeader(name, value) ? partsOf(name, value) : []))
  return [...found, ...parametersOf(url)].filter(isTelling)
}

function partsOf(name: string, value: string): string[] {
  if (/cookie/i.test(name)) return value.split(/; */).map((part) => part.slice(part.indexOf('=') + 1))
  const basic = /^basic +(\S+)$/i.exec(value)?.[1]
  if (basic === undefined) return [value.replace(/^[\w-]+ +(?=\S+$)/, '')]
  const decoded = Buffer.from(basic, 'base64').toString()
  return [basic, decoded, decoded.slice(decoded.indexOf(':') + 1)]
}

function parametersOf(url: string): string[] {
  if (!URL.canParse(url)) return []
  return [...new URL(url).searchParams].filter(([name]) => namesCredential(name)).map(([, value]) => value)
}

/** What recorders write where a credential stood; a text may hold the same word. */
const placeholder = /^\W*(?:redacted|removed|filtered|masked|hidden|secret|dummy|placeholder|x+|\*+)\W*$/i

/** A placeholder, or a plain word or number as cookies hold them, is all over other texts. */
function isTelling(value: string): boolean {
  return value.length >= leastLength && !placeholder.test(value) && !/^(?:[a-z]{1,11}|\d{1,9})$/i.test(value)
}
