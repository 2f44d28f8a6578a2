import { requests } from '../../fixtures/requests.ts'
import { contractWords } from '../../schemas/values.ts'
import { clients } from '../harness/judge/clients.ts'
import { redactedMark, redactor, withheldMark } from '../harness/tape/redact.ts'
import { leastLength } from '../harness/tape/traces.ts'
import { InputError } from '../harness/wire/input-error.ts'
import type { Target } from '../harness/wire/target.ts'
import { ids } from '../ids.ts'
import { looksLikeCredential } from '../harness/wire/credential-like.ts'

/**
 * A target whose secrets can be kept: each can be told from what surrounds it, and none stands where a name belongs. Throws an
 * InputError for one that would be seen, or would take away the words that are judged; never with its value.
 */
export function keepable(target: Target): Target {
  const { key, keyVariable, headers, secrets, headerVariables = {} } = target
  if (key !== null) refuseUnfit(key, `The key in ${variable(keyVariable)}`, target)
  for (const [name, value] of headers)
    if (secrets.includes(value))
      refuseUnfit(value, `The value of the header ${name}, from ${variable(headerVariables[name] ?? '')},`, target)
  refuseNames(target)
  return target
}

function refuseNames({ name = '', model, smallModel = '', apiVersion }: Target): void {
  const names = { "The target's name": name, "The model's name": model, 'The small model': smallModel } as const
  for (const [what, text] of Object.entries({ ...names, 'The API version': apiVersion }))
    if (looksLikeCredential(text))
      throw new InputError(
        `${what} looks like a credential, and every report would show it; a key stands in the environment only: --key-env.`,
      )
}

function refuseUnfit(secret: string, what: string, { model, smallModel = model }: Target): void {
  const because = unfit(secret) ?? ([model, smallModel].some((name) => isTaken(secret, name)) ? ofTheModel : null)
  if (because !== null)
    throw new InputError(`${what} ${because}. Use a longer, random one; a gateway that takes any key takes that too.`)
}

const ofTheModel = "cannot be told from the model's name"

/** A long key within the name is seen to be one; a short one, or a part that both share, may just as well be the name's own. */
function isTaken(secret: string, name: string): boolean {
  if (name.includes(secret) && name !== secret && secret.length >= 16) return false
  return redactor([secret]).text(name) !== name
}

/** Why a secret could not be kept out of what is written without a loss, as the end of a sentence; null where it can. */
export function unfit(secret: string): string | null {
  if (secret.length < leastLength)
    return `has fewer than ${leastLength} characters, too few to be told from other text and kept out of what is written`
  if (new Set(secret).size < 4 || (secret.length < 10 && /^\d+$/.test(secret)))
    return 'is too plain to be told from other text and kept out of what is written'
  if (takesWords(secret)) return 'is a word that requests, answers and reports are made of, or shares a part with one'
  return null
}

/** The secrets that were held against all words so far: there are many of these, and it is asked before each output. */
const taking = new Map<string, boolean>()

function takesWords(secret: string): boolean {
  const among = /\s/.test(secret) ? lines : words
  const takes = taking.get(secret) ?? redactor([secret]).text(among()) !== among()
  taking.set(secret, takes)
  return takes
}

/** What would be missing if it were redacted, each line once: no secret has a line feed in it, and requests share their long texts. */
const lines = once(() =>
  distinct([
    ...contractWords,
    ...ids,
    ...Object.keys(clients),
    ...[redactedMark, withheldMark, 'application/json', 'text/event-stream'],
    ...[...textsIn(requests)].flatMap((text) => text.split('\n')),
  ]),
)

/** The same word by word: what has no space in it stands within one. */
const words = once(() => distinct(lines().split(/\s+/)))

function distinct(all: readonly string[]): string {
  return [...new Set(all)].join('\n')
}

function once(make: () => string): () => string {
  let made: string | null = null
  return () => (made ??= make())
}

/** The names and the texts of a JSON value. */
function* textsIn(value: unknown): Iterable<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'object' && value !== null)
    for (const [name, inner] of Object.entries(value)) {
      yield name
      yield* textsIn(inner)
    }
}

/** The name of a variable, unless it looks like a secret that somebody typed in its place. */
function variable(name: string): string {
  return /^[A-Za-z_]\w*$/.test(name) && !looksLikeCredential(name) ? name : 'the variable that was named'
}
