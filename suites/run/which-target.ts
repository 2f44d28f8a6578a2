import { InputError } from '../harness/wire/input-error.ts'
import { own } from '../harness/wire/json.ts'
import { defaultApiVersion, keyVariable as usualVariable, type Target } from '../harness/wire/target.ts'
import type { Auth } from '../../schemas/types.ts'
import { isCredentialHeader } from '../harness/wire/credential-like.ts'
import { keepable } from './keepable.ts'
import { reachable, sendable } from './sendable.ts'

type Environment = Readonly<Record<string, string | undefined>>

const variables = { baseUrl: 'GATEWAY_BASE_URL', key: usualVariable, model: 'GATEWAY_MODEL' } as const

/** What somebody said of the gateway they mean; the names are those of the options. */
export interface TargetOptions {
  readonly baseUrl?: string | undefined
  readonly model?: string | undefined
  readonly smallModel?: string | undefined
  readonly keyEnv?: string | undefined
  readonly auth?: Auth | undefined
  readonly keyHeader?: string | undefined
  readonly headers?: readonly string[] | undefined
  readonly headersEnv?: readonly string[] | undefined
  readonly apiVersion?: string | undefined
  readonly allowSelfSigned?: boolean | undefined
  readonly fault?: string | undefined
  /** Words that are no option. */
  readonly words?: readonly string[]
}

/** What only makes sense for a gateway that was named, as it is typed. */
const forGateways: Readonly<Partial<Record<keyof TargetOptions, string>>> = {
  model: '--model',
  keyEnv: '--key-env',
  auth: '--auth',
  keyHeader: '--key-header',
  headers: '--header',
  headersEnv: '--header-env',
  smallModel: '--small-model',
}

/**
 * Which gateway is meant: the options, then the environment; null where nothing names one, so that the reference is judged.
 * Throws an InputError wherever somebody meant a gateway and would otherwise be shown a green reference.
 */
export function whichTarget(meant: TargetOptions, environment: Environment, command: string): Target | null {
  eatenByNpm(environment, command)
  emptyVariables(environment)
  const [stray] = meant.words ?? []
  if (stray !== undefined) throw strayWord(stray, command)
  const baseUrl = meant.baseUrl ?? environment[variables.baseUrl]
  if (baseUrl === undefined) return noGateway(meant, environment, command)
  if (meant.fault !== undefined)
    throw new InputError(
      '--fault stands in front of the built-in reference; leave out the Base URL, or serve it: mock --fault ID',
    )
  const model = meant.model ?? environment[variables.model]
  if (model === undefined)
    throw new InputError(`Which model? Name one that the gateway serves: --model NAME, or ${variables.model}.`)
  const keyVariable = meant.keyEnv ?? variables.key
  if (!isVariable(keyVariable)) throw noKey(meant.keyEnv)
  if (meant.keyHeader !== undefined && meant.auth !== undefined)
    throw new InputError('--key-header and --auth both say how the key is sent; leave one out.')
  const auth = meant.auth ?? 'bearer'
  const key = own(environment, keyVariable) ?? null
  if (key === '') throw new InputError(`${safeName(keyVariable)} is set but empty: there is no key in it.`)
  if (key === null && auth !== 'none') throw noKey(meant.keyEnv)
  const secret = secretHeaders(meant.headersEnv, environment)
  const target = sendable({
    kind: 'gateway',
    baseUrl: reachable(checkedBaseUrl(baseUrl), environment),
    model,
    ...(meant.smallModel !== undefined && { smallModel: meant.smallModel }),
    auth,
    ...(meant.keyHeader !== undefined && { keyHeader: meant.keyHeader }),
    key,
    keyVariable,
    headers: [...plainHeaders(meant.headers), ...secret],
    secrets: secret.map(([, value]) => value),
    ...(secret.length > 0 && { headerVariables: variablesOf(meant.headersEnv) }),
    apiVersion: meant.apiVersion ?? defaultApiVersion,
    ...(meant.allowSelfSigned && { allowSelfSigned: true as const }),
  })
  return keepable(target)
}

/** The variables that hold secrets of the gateway that is meant. */
export function variablesMeant({ keyEnv = variables.key, headersEnv = [] }: TargetOptions): readonly string[] {
  return [keyEnv, ...headersEnv.map((pair) => pair.slice(pair.indexOf('=') + 1))]
}

/** A line for somebody whose environment names the official API's variables and nothing else; null where there is nothing to say. `command`: how check is typed. */
export function anthropicHint(environment: Environment, command: string): string | null {
  if (environment['ANTHROPIC_BASE_URL'] === undefined) return null
  return `ANTHROPIC_BASE_URL is set. To judge that gateway: GATEWAY_BASE_URL="$ANTHROPIC_BASE_URL" GATEWAY_API_KEY="$ANTHROPIC_AUTH_TOKEN" GATEWAY_MODEL=... ${command.replace(/ --$/, '')}`
}

/** What stands between a client and a gateway has no key of its own. */
export const broughtByClients = 'leave it out, since each client brings its own key'

/** What an address ends in that names an endpoint of this protocol, or what is below one, or its version. */
const ownEndpoint = /\/v1(?:\/messages(?:\/(?:count_tokens|batches(?:\/.*)?))?|\/models(?:\/.*)?)?$/i

/** The same for endpoints of other protocols: Chat Completions, Responses, and what was there before Messages. */
const foreignEndpoint = /(?:\/v\d+\w*)?(?:\/chat)?\/completions$|\/v\d+\w*\/(?:complete|responses|embeddings)$/i

/**
 * A Base URL as SDKs take it. Throws an InputError that says what it probably should be; `instead`: what is done about a key, in place
 * of writing it there.
 */
export function checkedBaseUrl(text: string, instead = 'name the key by --key-env instead'): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^https?:$/.test(url.protocol))
    throw new InputError(`The Base URL is no http or https URL; write it like https://gateway.example/anthropic`)
  if (url.username || url.password) throw new InputError(`The Base URL holds a user name or password; ${instead}.`)
  const credential = [...url.searchParams.keys()].find((name) => /key|token|secret|sig|auth|pass/i.test(name))
  if (credential !== undefined)
    throw new InputError(`The query of the Base URL holds a credential, which every report would show; ${instead}.`)
  url.hash = ''
  const path = url.pathname.replace(/\/+$/, '')
  const foreign = foreignEndpoint.exec(path)?.[0]
  const ending = foreign ?? ownEndpoint.exec(path)?.[0]
  if (ending !== undefined) {
    url.pathname = path.slice(0, -ending.length)
    const better = url.href.replace(/\/+$/, '')
    const what =
      foreign === undefined
        ? 'which clients append themselves'
        : 'the endpoint of another protocol, not that of Messages'
    throw new InputError(`The Base URL ends in ${ending}, ${what}. It should probably be ${better}`)
  }
  url.pathname = path
  return url.search === '' ? url.href.replace(/\/+$/, '') : url.href
}

function noGateway(meant: TargetOptions, environment: Environment, command: string): null {
  for (const [name, option] of Object.entries(forGateways))
    if (meant[name as keyof TargetOptions] !== undefined)
      throw new InputError(`${option} needs a gateway to go with: ${command} --base-url URL --model NAME`)
  for (const name of [variables.key, variables.model])
    if (environment[name] !== undefined)
      throw new InputError(`${name} is set, but no gateway: set ${variables.baseUrl} too, or type --base-url URL.`)
  return null
}

/** npm keeps options for itself when the -- before them was forgotten. */
function eatenByNpm(environment: Environment, command: string): void {
  const eaten = (['base-url', 'key-env', 'fault', 'model'] as const).filter(
    (name) => environment[`npm_config_${name.replaceAll('-', '_')}`] !== undefined,
  )
  if (eaten.length > 0)
    throw new InputError(
      `npm took ${eaten.map((name) => `--${name}`).join(' and ')} for itself. Type: npm run ${command} -- --${eaten[0]} ...`,
    )
}

function emptyVariables(environment: Environment): void {
  for (const name of Object.values(variables))
    if (environment[name] === '')
      throw new InputError(
        `${name} is set but empty: the secret is probably missing here. Set it, or unset it to judge the built-in reference.`,
      )
}

function strayWord(word: string, command: string): InputError {
  const hint = /^https?:/.test(word) ? ` Did you mean --base-url?` : ''
  return new InputError(`${command} takes options only, and one word is none.${hint} See: ${command} --help`)
}

function noKey(keyEnv: string | undefined): InputError {
  if (keyEnv === undefined)
    return new InputError(
      `There is no key: put it into ${variables.key}, or name the variable by --key-env, or say --auth none.`,
    )
  return new InputError('--key-env takes the name of an environment variable, and the one it names is not set.')
}

/** What a shell can expand: the commands that are printed name it. */
function isVariable(name: string): boolean {
  return /^[A-Za-z_]\w*$/.test(name)
}

/** The name of a variable, unless it looks like a key somebody typed in its place. */
function safeName(name: string): string {
  return /^[A-Z_][A-Z0-9_]*$/.test(name) ? name : 'The variable named by --key-env'
}

function variablesOf(pairs: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(pairs.map((pair) => pair.split('=', 2) as [string, string]))
}

function plainHeaders(lines: readonly string[] = []): [string, string][] {
  return lines.map((line) => {
    const colon = line.indexOf(':')
    if (colon < 1) throw new InputError('--header is written "NAME: VALUE".')
    const [name, value] = [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
    if (isCredentialHeader(name, value))
      throw new InputError('--header would show a credential; use --key-env, or --header-env NAME=VARIABLE.')
    return [name, value]
  })
}

function secretHeaders(pairs: readonly string[] = [], environment: Environment): [string, string][] {
  return pairs.map((pair) => {
    const [name, variable] = pair.split('=', 2)
    if (!name || !variable || !isVariable(variable)) throw new InputError('--header-env is written NAME=VARIABLE.')
    const value = own(environment, variable)
    if (!value) throw new InputError(`--header-env ${name}: the variable it names is not set.`)
    return [name, value]
  })
}
