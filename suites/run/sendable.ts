import { quotable } from '../harness/wire/credential-like.ts'
import { InputError } from '../harness/wire/input-error.ts'
import { proxyFor } from '../harness/wire/proxy.ts'
import type { Target } from '../harness/wire/target.ts'

/**
 * A target of which every header can be sent as it is, and which is then what arrives. Throws an InputError that says what is wrong
 * and where it came from, never the value: whoever typed it may have typed a key.
 */
export function sendable(target: Target): Target {
  const fault = faultsOf(target).find((sentence) => sentence !== null)
  if (fault) throw refused(target.name === undefined ? fault : `target ${quotable(target.name)}: ${fault}`)
  return target
}

/** A key that a header can carry, as `sendable` says; `what` names it in the sentence. */
export function sendableKey(what: string, key: string): string {
  const fault = secretFault(what, key)
  if (fault) throw refused(fault)
  return key
}

/**
 * A Base URL that is asked directly, or by a proxy that can be used. Throws an InputError where the environment names another one:
 * with the name of the variable, without its value.
 */
export function reachable(baseUrl: string, environment: Readonly<Record<string, string | undefined>>): string {
  proxyFor(new URL(baseUrl), environment)
  return baseUrl
}

function refused(fault: string): InputError {
  return new InputError(`${fault.charAt(0).toUpperCase()}${fault.slice(1)}`)
}

/** Sentences about what cannot be sent, in the order of looking; null for each part that can. */
function faultsOf(target: Target): (string | null)[] {
  const { key, keyVariable, apiVersion, model, smallModel, headers } = target
  return [
    target.keyHeader === undefined ? null : keyHeaderFault(target.keyHeader, target),
    key === null ? null : secretFault(`the key in ${variable(keyVariable)}`, key),
    apiVersion === '' ? 'the API version is empty; leave it out for the usual one.' : null,
    valueFault('the API version', apiVersion),
    nameFault('the model', model),
    smallModel === undefined ? null : nameFault('the small model', smallModel),
    ...headers.map((header, index) => headerFault(header, index, target)),
  ]
}

function headerFault([name, value]: readonly [string, string], index: number, target: Target): string | null {
  if (!token.test(name))
    return `header ${index + 1} has a name that cannot be one: letters, digits and - only, and no space before the colon.`
  const lower = name.toLowerCase()
  const ours = settledBy(lower, target)
  if (ours) return `the header ${name} ${ours}`
  if (target.headers.findIndex(([other]) => other.toLowerCase() === lower) < index)
    return `the header ${name} is there twice, and only one of them would be sent; leave one out.`
  const { headerVariables = {}, secrets } = target
  const from = Object.hasOwn(headerVariables, name) ? ` (from ${variable(headerVariables[name] ?? '')})` : ''
  return secrets.includes(value)
    ? secretFault(`the header ${name}${from}`, value)
    : valueFault(`the header ${name}`, value)
}

function keyHeaderFault(name: string, { auth, key }: Target): string | null {
  if (auth !== 'bearer')
    return 'a header of its own that carries the key, and auth, both say how it is sent; leave one out.'
  if (key === null) return 'there is no key for the header that is to carry it.'
  const lower = name.toLowerCase()
  if (!token.test(name)) return 'the header that --key-header names cannot be one: letters, digits and - only.'
  if (framing.has(lower) || lower.startsWith('anthropic-'))
    return 'the header that --key-header names is set by what is sent; name that of the key.'
  if (lower === 'x-api-key') return `${lower} has an option of its own: --auth x-api-key.`
  return lower === 'authorization'
    ? `${lower} has an option of its own: --auth bearer. For another scheme, put it before the key in a variable: --auth none --header-env Authorization=VARIABLE.`
    : null
}

/** A header name, by RFC 9110, section 5.6.2. */
const token = /^[\w!#$%&'*+.^`|~-]+$/

/** Headers that belong to how a message is framed on its way, or say what is in it: another value would make every request false. */
const framing = new Set([
  ...['connection', 'content-encoding', 'content-length', 'content-type', 'expect', 'keep-alive', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade'],
])

/** Who sets a header already, as the end of a sentence; null for one that is free. */
function settledBy(name: string, { auth, keyHeader }: Target): string | null {
  if (framing.has(name)) return 'is set by what is sent; leave it out.'
  if (name === 'anthropic-version') return 'has an option of its own: --api-version, or apiVersion in a target file.'
  if (keyHeader !== undefined)
    return name === keyHeader.toLowerCase() ? 'carries the key already (--key-header); leave it out.' : null
  const key = (name === 'authorization' && auth === 'bearer') || (name === 'x-api-key' && auth === 'x-api-key')
  if (!key && !(auth === 'both' && (name === 'authorization' || name === 'x-api-key'))) return null
  return `carries the key already (--auth ${auth}); leave it out, or say --auth none.`
}

/** What is wrong with a header value, as a whole sentence. Bytes above ASCII go out as Latin-1, as every HTTP client does it. */
function valueFault(what: string, value: string): string | null {
  if (/[\r\n]$/.test(value)) return `${what} ends in a line feed; take it away.`
  if (/[\r\n]/.test(value)) return `${what} holds a line feed, and a header is one line.`
  // oxlint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\0-\u0008\u000b-\u001f\u007f]/.test(value)) return `${what} holds a control character, which no header may.`
  // oxlint-disable-next-line no-control-regex -- the range that a header can carry
  const foreign = /[^\0-\u00ff]/u.exec(value)
  if (foreign)
    return `${what} holds a character that no header can carry (number ${foreign.index + 1}); was it copied from a formatted text?`
  return null
}

/** The same for a value that was pasted into a variable. What stands around a secret would be sent, and not be looked for in answers. */
function secretFault(what: string, value: string): string | null {
  if (/[\r\n]$/.test(value)) return `${what} ends in a line feed: the secret was probably pasted with one.`
  if (/^\s|\s$/.test(value)) return `${what} begins or ends with a space: the secret was probably pasted with one.`
  return valueFault(what, value)
}

/** Model names travel in JSON and may hold anything; blanks around one are never meant. */
function nameFault(what: string, name: string): string | null {
  if (name.trim() === '') return `${what} has an empty name.`
  if (/[\r\n]$/.test(name)) return `the name of ${what} ends in a line feed: it was probably pasted with one.`
  return name.trim() === name ? null : `the name of ${what} begins or ends with a space; take it away.`
}

/** The name of a variable, unless it looks like a secret that somebody typed in its place. */
function variable(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) ? name : 'the variable that was named'
}
