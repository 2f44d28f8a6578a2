import { requests } from '../../fixtures/requests.ts'
import { compose } from '../../suites/harness/gather/compose.ts'
import { exchangesOf, parseName } from '../../suites/harness/gather/plan.ts'
import { quirkOf, type HeaderList } from '../../suites/harness/wire/exchange.ts'
import { own } from '../../suites/harness/wire/json.ts'
import { defaultApiVersion, endpoint, type Target } from '../../suites/harness/wire/target.ts'
import { inPath } from '../../suites/run/secrets.ts'
import type { Selection } from '../../suites/run/selection.ts'
import { requirementOf } from '../../suites/catalogue.ts'
import { tool } from '../tool.ts'
import { shellWord, type Piece } from './shell.ts'

/**
 * The command that shows one finding again, by the same measure; null where none does, since no option says what stands behind the
 * gateway.
 */
export function againCommand(
  command: string,
  id: string,
  fixture: string,
  target: Target,
  selection: Selection,
): string | null {
  const { kind, file, upstreamPort } = target
  const isSaid = file !== undefined || upstreamPort !== undefined
  if (kind === 'gateway' && !isSaid && own(requests, parseName(fixture).fixture)?.upstream) return null
  return [command, ...shownBy(id, fixture, selection), ...whose(target, selection), ...measured(selection)].join(' ')
}

/** What is looked at: the exchange itself, all that a requirement reads together, or the whole run once more. */
function shownBy(id: string, fixture: string, { only, fixtures, quick }: Selection): string[] {
  const requirement = requirementOf(id)
  if (requirement?.overall)
    return [
      ...(only.length > 0 ? [option('only', only.join(','))] : []),
      ...(fixtures.length > 0 ? [option('fixture', fixtures.join(','))] : []),
      ...(quick ? ['--quick'] : []),
    ]
  const { name: own } = quirkOf(fixture)
  const readsOthers = requirement !== undefined && exchangesOf(requirement).some((name) => name !== own)
  const isNamed = requirement !== undefined && ('reads' in requirement || 'gates' in requirement)
  return [option('only', id), ...(isNamed && readsOthers ? [] : [option('fixture', fixture)])]
}

/** By which measure: what is not as it is where nobody says so. */
function measured({ profile, require, lacks, strict, allowLong }: Selection): string[] {
  return [
    ...(profile === 'sdk' ? [] : [option('profile', profile)]),
    ...(require.length > 0 ? [option('require', require.join(','))] : []),
    ...(lacks.length > 0 ? [option('lacks', lacks.join(','))] : []),
    ...(strict ? ['--strict'] : []),
    ...(allowLong ? ['--allow-long'] : []),
  ]
}

/** How the command is typed here: by npm in the checkout, by npx where that or a script of somebody else's runs it, else by its name. */
export function commandWord(environment: Readonly<Record<string, string | undefined>>): string {
  const { npm_lifecycle_event: script, npm_package_name: owner = tool.name } = environment
  if (script === undefined) return `${tool.name} check`
  return script === 'npx' || owner !== tool.name ? `npx ${tool.name} check` : 'npm run check --'
}

function whose(target: Target, { dialect }: Selection): string[] {
  if (target.kind === 'reference') return target.fault === undefined ? [] : [option('fault', target.fault)]
  if (target.file !== undefined) return [option('target', target.file)]
  const shown = (text: string): Piece[] => piecesOf(text, target)
  return [
    option('base-url', ...baseUrl(target.baseUrl, target)),
    // What no argument of a command can hold is left out.
    option('model', ...shown(target.model.replaceAll('\0', ''))),
    ...(target.keyVariable === 'GATEWAY_API_KEY' ? [] : [option('key-env', target.keyVariable)]),
    ...(target.keyHeader === undefined ? [] : [option('key-header', ...shown(target.keyHeader))]),
    ...(target.auth === 'bearer' ? [] : [option('auth', target.auth)]),
    ...target.headers.map(([name, value]) => {
      const variable = own(target.headerVariables ?? {}, name)
      return variable === undefined
        ? option('header', ...shown(`${name}: ${value}`))
        : option('header-env', `${name}=${variable}`)
    }),
    ...(target.apiVersion === defaultApiVersion ? [] : [option('api-version', ...shown(target.apiVersion))]),
    ...(target.smallModel === undefined ? [] : [option('small-model', ...shown(target.smallModel))]),
    ...(target.allowSelfSigned ? ['--allow-self-signed'] : []),
    ...(target.upstreamPort === undefined ? [] : [option('upstream-port', String(target.upstreamPort))]),
    ...(dialect === undefined || dialect === 'messages' ? [] : [option('upstream-dialect', dialect)]),
  ]
}

/** An option and its value; as one word where the value could be taken for an option itself. */
function option(name: string, ...value: readonly Piece[]): string {
  const [first] = value
  const dashed = typeof first === 'string' && first.startsWith('-')
  return `--${name}${dashed ? '=' : ' '}${shellWord(...value)}`
}

/** The headers that curl would otherwise set as it likes. */
const setByCurl = ['accept', 'user-agent', 'content-type'] as const

/**
 * A curl that sends from any folder what the run sent, secrets as variables; null for the built-in reference, for what a conversation
 * goes on with, for what an upstream was made to answer otherwise, and for long bodies.
 */
export function curlCommand(name: string, target: Target): string | null {
  if (target.kind === 'reference' || quirkOf(name).quirk !== null) return null
  const { fixture, mode } = parseName(name)
  const found = own(requests, fixture)
  if (!found || found.follows !== undefined) return null
  const request = compose(found, mode, 1, standingIn(target))
  if (!request || (request.body?.length ?? 0) > 2000) return null
  const { method, path, body, headers } = request
  const unset = setByCurl.filter((header) => !headers.some(([other]) => other === header))
  return [
    // A curl that is told to say HEAD waits for a body.
    method === 'HEAD' ? 'curl -N -I' : `curl -N -X ${shellWord(method)}`,
    shellWord(...baseUrl(endpoint(target.baseUrl, path).href, target)),
    ...headers.map(([header, value]) => `-H ${shellWord(...piecesOf(headerLine(header, value), target))}`),
    ...unset.map((header) => `-H ${shellWord(`${header}:`)}`),
    ...(body === null ? [] : [`${body.startsWith('@') ? '--data-raw' : '-d'} ${shellWord(...piecesOf(body, target))}`]),
  ].join(' ')
}

/** As curl reads it: a name that ends in a semicolon has no value. */
function headerLine(name: string, value: string): string {
  return value === '' ? `${name};` : `${name}: ${value}`
}

/** The same target with the names of variables where its secrets stand; NUL can be in none of them. */
function standingIn(target: Target): Target {
  const headers: HeaderList = target.headers.map(([name, value]) => {
    const variable = own(target.headerVariables ?? {}, name)
    return [name, variable === undefined ? value : standIn(variable)]
  })
  return { ...target, headers, key: standIn(target.keyVariable) }
}

function standIn(variable: string): string {
  return `\0${variable}\0`
}

/** A text with what stands in for variables as such, and the key as one wherever else it occurs. */
function piecesOf(text: string, { key, keyVariable }: Target): Piece[] {
  const named = key === null ? text : text.replaceAll(key, standIn(keyVariable))
  return named
    .split('\0')
    .map((part, index) => (index % 2 === 1 ? { variable: part } : part))
    .filter((piece) => piece !== '')
}

/** A URL that begins with the Base URL: where that holds a secret of its own, it is named by its variable. */
function baseUrl(url: string, target: Target): Piece[] {
  const unnamed = inPath(target.baseUrl).some((secret) => secret !== target.key)
  if (!unnamed || !url.startsWith(target.baseUrl)) return piecesOf(url, target)
  return [{ variable: 'GATEWAY_BASE_URL' }, ...piecesOf(url.slice(target.baseUrl.length), target)]
}
