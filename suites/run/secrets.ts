import type { Target } from '../harness/wire/target.ts'
import { own } from '../harness/wire/json.ts'
import { looksLikeCredential } from '../harness/wire/credential-like.ts'
import { unfit } from './keepable.ts'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Everything that a run with this target must leave no trace of: its key and its secret headers, what looks like a credential in the
 * path of its Base URL, and the credentials of proxies that the environment names.
 */
export function secretsOf(target: Target, environment: Environment = process.env): readonly string[] {
  const others = [...inPath(target.baseUrl), ...proxyCredentials(environment)].filter((one) => unfit(one) === null)
  return [...new Set([target.key ?? '', ...target.secrets, ...others])].filter((secret) => secret !== '')
}

/** What variables hold that were named as secrets, before anything else is known of a target: sentences about it may quote them. */
export function secretsIn(variables: readonly (string | undefined)[], environment: Environment): readonly string[] {
  const values = variables.map((name) => (name === undefined ? '' : (own(environment, name) ?? '')))
  // One that cannot be kept is refused, without its value; a sentence would only lose words.
  return values.filter((value) => unfit(value) === null)
}

/** The parts of a path that look like credentials: some gateways want one there. */
export function inPath(baseUrl: string): readonly string[] {
  if (!URL.canParse(baseUrl)) return []
  return new URL(baseUrl).pathname.split('/').filter(looksLikeCredential)
}

/** The passwords of the proxies that the environment names, alone and behind the name of their user. */
function proxyCredentials(environment: Environment): readonly string[] {
  return ['http_proxy', 'https_proxy', 'all_proxy']
    .flatMap((name) => [environment[name] ?? '', environment[name.toUpperCase()] ?? ''])
    .flatMap((proxy) => {
      const address = proxy.includes('://') ? proxy : `http://${proxy}`
      const { username, password } = URL.canParse(address) ? new URL(address) : { username: '', password: '' }
      return password === '' ? [] : [decoded(password), `${decoded(username)}:${decoded(password)}`]
    })
}

/** Percent-decoded; as it is where a `%` escapes nothing. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
