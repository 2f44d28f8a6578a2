/* What looks like a credential: typed literally it would stand in files, reports and shell histories. */

/**
 * Whether a header shows a credential: by its name, whatever its value; or by the look of its value, unless the name says that it
 * identifies something.
 */
export function isCredentialHeader(name: string, value: string): boolean {
  if (alwaysCredentials.has(name.toLowerCase())) return true
  if (namesCredential(name) && !harmless.test(value)) return true
  if (looksLikeCredential(value)) return true
  return looksRandom(value) && !wordsOf(name).some((word) => identifying.has(word))
}

/** Whether a header, a parameter or a variable of that name holds a credential. */
export function namesCredential(name: string): boolean {
  const words = wordsOf(name)
  return words.some((word) => secretWords.test(word)) && !namesSomethingElse(words)
}

/** What may be a credential that was typed in the wrong place: it looks like one, and no sentence says it back. */
export function mayBeCredential(text: string): boolean {
  return looksLikeCredential(text) || looksRandom(text)
}

/** A name as a sentence may say it: a key may stand where a name belongs. */
export function quotable(name: string): string {
  return mayBeCredential(name) ? '...' : name
}

/** What stands in variables that are named like credentials, and of words that were typed whatever looks like one. */
export function credentialsAmong(
  typed: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const known = Object.entries(environment).flatMap(([name, value = '']) =>
    namesCredential(name) && name !== workingDirectory ? [value] : [],
  )
  const parts = new Set(typed.flatMap((word) => [word, ...word.split(/[\s,:=]+/)]))
  // The path of a file may well hold something random.
  const shown = [...parts].filter((part) => looksLikeCredential(part) || (looksRandom(part) && !/[./]/.test(part)))
  return [...known.filter((value) => value !== ''), ...shown]
}

/** Of words that were typed, those whose place is a file's or a folder's and that hold what can hardly be one: a credential. */
export function credentialsTyped(
  typed: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const known = new Set(Object.keys(environment).flatMap((name) => (namesCredential(name) ? [environment[name]] : [])))
  return typed.filter((word) => looksLikeCredential(word) || (word !== '' && known.has(word)))
}

/** What every shell sets, and a password elsewhere: a file that is named by its whole path begins with it. */
const workingDirectory = 'PWD'

/** Whether a text holds what can hardly be anything but a credential. */
export function looksLikeCredential(text: string): boolean {
  return shapes.some((shape) => shape.test(text))
}

const alwaysCredentials: ReadonlySet<string> = new Set(['authorization', 'proxy-authorization', 'x-api-key', 'cookie'])

/** `X-ApiKey` is three words. */
function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
}

const secretWords =
  /^(?:(?:api|access|auth|secret|private|subscription|master|client)?(?:key|token|secret|pass|password)|auth|authorization|authentication|cookie|passwd|passphrase|pwd|credentials?|signature|sig|jwt|bearer)$/

/** `idempotency-key` is none, and the last word may say that it is about one: `x-auth-type`, `x-key-id`. */
function namesSomethingElse(words: readonly string[]): boolean {
  const last = words.at(-1) ?? ''
  return aboutOne.has(last) || (last === 'key' && keysOfOtherThings.has(words.at(-2) ?? ''))
}

const aboutOne: ReadonlySet<string> = new Set([
  ...['id', 'mode', 'type', 'scheme', 'provider', 'method', 'required', 'tenant', 'version', 'name', 'source', 'count'],
])
const keysOfOtherThings: ReadonlySet<string> = new Set(['idempotency', 'cache', 'partition', 'routing'])

/** Too plain to open anything. */
const harmless = /^(?:true|false|yes|no|on|off|none|null|\d{1,5})?$/i

/** Words of names whose values are long and random, and no secret. */
const identifying: ReadonlySet<string> = new Set([
  ...['id', 'ids', 'uuid', 'trace', 'traceparent', 'tracestate', 'request', 'correlation', 'session', 'baggage'],
  ...['org', 'organization', 'tenant', 'project', 'account', 'workspace', 'deployment', 'property', 'metadata'],
  ...['config', 'version', 'beta', 'agent', 'build', 'commit', 'revision', 'digest', 'etag', 'hash', 'fingerprint'],
])

/** How credentials are written: with a scheme before them, with the prefix of who gave them out, as a token with its own form. */
const shapes: readonly RegExp[] = [
  /^(?:bearer|token|apikey)\s+\S{6,}$/i,
  /^basic\s+[A-Za-z0-9+/_-]{8,}=*$/i,
  /(?:^|[^A-Za-z0-9])sk[-_][A-Za-z0-9_-]{6,}/,
  /(?:^|[^A-Za-z0-9])(?:pk|rk|vk|ak|key)[-_](?=[\w-]*\d)[\w-]{12,}/,
  /(?:^|[^A-Za-z0-9])(?:gh[oprsu]_|github_pat_|glpat-|gsk_|hf_|npm_|xox[a-z]-|ya29\.|dop_v1_|shpat_|SG\.)[\w.-]{10,}/,
  /(?:^|[^A-Za-z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}/,
  /(?:^|[^A-Za-z0-9])AIza[\w-]{30,}/,
  /(?:^|[^A-Za-z0-9])eyJ[\w-]{8,}\.[\w-]{8,}/,
  /-----BEGIN /,
]

/** A long run of letters and digits that no word and no date has, or a UUID. */
function looksRandom(text: string): boolean {
  if (/(?:^|[^0-9a-f])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?:$|[^0-9a-f])/i.test(text)) return true
  return text.split(/[^A-Za-z0-9]+/).some((run) => run.length >= 16 && changes(run) >= 4)
}

/** How often letters and digits, or capitals and others, follow each other. */
function changes(run: string): number {
  return run.match(/[a-z](?=[A-Z0-9])|[A-Z](?=\d)|\d(?=[A-Za-z])/g)?.length ?? 0
}
