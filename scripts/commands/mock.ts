import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { askable } from '../../fixtures/gateways/failures.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { defaultKey, defaultModel, upstreamKey } from '../../fixtures/gateways/reference/identity.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { serve } from '../../fixtures/gateways/serve.ts'
import { asAsked, slowed, staged, type When } from '../../fixtures/gateways/staged.ts'
import { upstream } from '../../fixtures/gateways/upstream.ts'
import type { Dialect } from '../../schemas/types.ts'
import { dialects } from '../../schemas/values.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { showingArrivals } from '../../suites/run/arrivals-shown.ts'
import { sendableKey } from '../../suites/run/sendable.ts'
import { upstreamSeen } from '../../suites/run/upstream-seen.ts'
import { broughtByClients, checkedBaseUrl } from '../../suites/run/which-target.ts'
import { hinting } from './mock-hints.ts'
import { mockLog } from './mock-log.ts'
import { faultNamed, variantNamed } from '../named-gateways.ts'
import { interruptible } from '../interrupt.ts'
import type { Io } from '../io.ts'
import { oneOf, wholeNumber, type Typed } from '../options.ts'
import { unheard } from '../unheard.ts'

/** Serves until it is interrupted. Returns the exit code. Throws where its log can no longer be written: then it ends too. */
export async function run(typed: Typed, io: Io): Promise<number> {
  const arrivals = oneOf(typed, 'arrivals', dialects)
  const given = arrivals === undefined ? (typed.values.key ?? defaultKey) : upstreamKey
  const key = sendableKey('the key of --key', given)
  const port = wholeNumber(typed, 'port', 0, 65_535) ?? 0
  const { log: logFile, upstream: behind } = typed.values
  const gateway = arrivals === undefined ? hinting(meantGateway(typed, key), io.err) : meantUpstream(typed, arrivals)
  const log =
    logFile === undefined ? null : mockLog(logFile, { baseUrl: behind ?? 'http://127.0.0.1', model: defaultModel }, key)
  const server = await serve(log ? log.over(gateway) : gateway, { port, pace: 1 }).catch((error: unknown) => {
    log?.end()
    throw unheard(port, error)
  })
  const { signal } = interruptible()
  io.out(`${server.url}\n${behind === undefined ? `key    ${key}\nmodel  ${defaultModel}` : `upstream  ${behind}`}\n`)
  if (arrivals !== undefined) io.out(`target ${JSON.stringify({ upstream: { dialect: arrivals, url: server.url } })}\n`)
  const interrupted = new Promise<null>((resolve) =>
    signal.addEventListener('abort', () => resolve(null), { once: true }),
  )
  const lost = await (log ? Promise.race([interrupted, log.lost]) : interrupted)
  await server.close()
  log?.end()
  if (lost !== null) throw lost
  return 0
}

/** The gateway that was typed: the reference or an upstream, perhaps varied, perhaps faulty, perhaps slow. */
export function meantGateway(typed: Typed, key: string): Gateway {
  const { fault, variant, upstream: behind } = typed.values
  if (behind !== undefined && (typed.values.key !== undefined || typed.flags.has('any-model')))
    throw new InputError(
      '--key and --any-model are for the built-in reference; behind --upstream, the upstream decides.',
    )
  const right =
    behind === undefined
      ? createReference({ key, anyModel: typed.flags.has('any-model') })
      : upstream(checkedBaseUrl(behind, broughtByClients))
  const varied = variant === undefined ? right : variantNamed(variant).over(right)
  const [id, when] = fault === undefined ? [undefined, null] : whenOf(fault)
  const faulty = id === undefined ? asAsked([...faults, ...askable], varied) : staged(faultNamed(id), when, varied)
  return slowedAsTyped(typed, faulty)
}

function slowedAsTyped(typed: Typed, gateway: Gateway): Gateway {
  return slowed(gateway, {
    latency: wholeNumber(typed, 'latency', 0) ?? 0,
    deltasPerSecond: wholeNumber(typed, 'token-rate', 1) ?? Infinity,
  })
}

/** The upstream that was typed, which shows a check what arrives; perhaps slow. Throws an InputError for what only a gateway has. */
export function meantUpstream(typed: Typed, dialect: Dialect): Gateway {
  for (const name of ['key', 'fault', 'variant', 'upstream'] as const)
    if (typed.values[name] !== undefined)
      throw new InputError(`--${name} is for a gateway; with --arrivals the mock stands behind one.`)
  const { gateway, ...seen } = upstreamSeen(dialect)
  return showingArrivals(dialect, { ...seen, gateway: slowedAsTyped(typed, gateway) })
}

/** `ID:first=2` is the fault ID, for the first two requests. */
function whenOf(text: string): [id: string, when: When] {
  const [id = '', stage] = text.split(':', 2)
  if (stage === undefined) return [id, null]
  const match = /^(first|from)=([1-9]\d*)$/.exec(stage)
  if (!match) throw new InputError('--fault is written ID, ID:first=N or ID:from=N.')
  const count = Number(match[2])
  return [id, match[1] === 'first' ? { first: count } : { from: count }]
}
