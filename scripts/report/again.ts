import { requests } from '../../fixtures/requests.ts'
import { compose } from '../../suites/harness/gather/compose.ts'
import { parseName } from '../../suites/harness/gather/plan.ts'
import { own } from '../../suites/harness/wire/json.ts'
import { endpoint, type Target } from '../../suites/harness/wire/target.ts'

/** The command that shows one finding again. */
export function againCommand(command: string, id: string, fixture: string, target: Target): string {
  const words = [`--only ${id}`, `--fixture ${fixture}`, ...whose(target)]
  return `${command} ${words.join(' ')}`
}

/** How the command is typed here: by npm in a checkout, by its own name where it is installed. */
export function commandWord(environment: Readonly<Record<string, string | undefined>>): string {
  return environment['npm_lifecycle_event'] === undefined ? 'messages-conformance check' : 'npm run check --'
}

function whose(target: Target): string[] {
  if (target.kind === 'reference') return target.fault === undefined ? [] : [`--fault ${target.fault}`]
  return [
    `--base-url ${word(target.baseUrl)}`,
    `--model ${word(target.model)}`,
    ...(target.keyVariable === 'GATEWAY_API_KEY' ? [] : [`--key-env ${target.keyVariable}`]),
    ...(target.auth === 'bearer' ? [] : [`--auth ${target.auth}`]),
    ...target.headers.map(([name, value]) => {
      const variable = own(target.headerVariables ?? {}, name)
      return variable === undefined ? `--header ${quoted(`${name}: ${value}`)}` : `--header-env ${name}=${variable}`
    }),
    ...(target.allowSelfSigned ? ['--allow-self-signed'] : []),
  ]
}

/** A curl that sends the same request from any folder, the key as a variable; null for the built-in reference and long bodies. */
export function curlCommand(name: string, target: Target): string | null {
  if (target.kind === 'reference') return null
  const { fixture, mode } = parseName(name)
  const found = own(requests, fixture)
  if (!found || found.follows !== undefined) return null
  const variables = target.headerVariables ?? {}
  const headersShown = target.headers.map(([header, value]) => {
    const variable = own(variables, header)
    return [header, variable === undefined ? value : `$${variable}`] as const
  })
  const request = compose(found, mode, 1, { ...target, headers: headersShown, key: `$${target.keyVariable}` })
  if (!request || (request.body?.length ?? 0) > 2000) return null
  const headers = request.headers
    .filter(([header]) => header !== 'user-agent' && header !== 'accept')
    .map(
      ([header, value]) =>
        `-H ${/^(Bearer )?[$]/.test(value) ? `"${header}: ${value}"` : quoted(`${header}: ${value}`)}`,
    )
  const body = request.body === null ? [] : [`-d ${quoted(request.body)}`]
  return [
    `curl -N -X ${request.method}`,
    quoted(endpoint(target.baseUrl, request.path).href),
    ...headers,
    ...body,
  ].join(' ')
}

/** As a shell takes it for one word. */
function word(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : quoted(text)
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}
