import type { Auth, Diagnosis, DiagnosisKind, Failure, RunEnding } from '../../schemas/types.ts'
import type { First, Gathered } from '../harness/gather/gather.ts'
import type { Cost } from '../harness/gather/plan.ts'
import { saysBusy } from '../harness/views/busy.ts'
import { counted } from '../harness/wire/counted.ts'
import { clip } from '../harness/views/finding.ts'
import { see } from '../harness/views/views.ts'
import type { Answered, Exchange } from '../harness/wire/exchange.ts'
import { header } from '../harness/wire/headers.ts'
import { endpoint, type Target } from '../harness/wire/target.ts'
import type { Look } from './looks.ts'

/** What a diagnosis says beside its sentence. */
type Parts = Omit<Diagnosis, 'sentence'>

/** Looks at the first exchange; null where the gateway can be judged, well or badly. Wording is shown, never matched. */
export function diagnose(first: First, target: Target): Diagnosis | null {
  const parts = partsOf(first.exchange, target)
  return parts && { ...parts, sentence: sentenceOf(parts, target, first) }
}

/** How a run ends that ends with its first exchange. */
export function endingOf({ kind }: Diagnosis): RunEnding {
  return notAdmitted.has(kind) ? 'unauthorised' : 'unreachable'
}

const notAdmitted: ReadonlySet<DiagnosisKind> = new Set(['credential', 'forbidden', 'balance'])

function partsOf(exchange: Exchange, target: Target): Parts | null {
  const { came } = exchange
  const url = endpoint(target.baseUrl, exchange.sent.path).href
  if (came.kind === 'nothing') return { kind: came.failure, url, said: came.detail }
  const kind = kindOf(came, exchange)
  if (!kind) return null
  const page = isPage(came, exchange)
  const [said, authenticate, location] = [
    words(exchange),
    header(came.headers, 'www-authenticate'),
    header(came.headers, 'location'),
  ]
  return {
    kind,
    url,
    status: came.status,
    ...(said !== null && { said }),
    ...(authenticate !== undefined && { authenticate: clip(authenticate) }),
    ...(location !== undefined && { location: clip(location) }),
    ...(page && { page }),
  }
}

/** Answers that are HTTP and no judgement of the format: who may ask, who pays, and whether anybody is there. */
function kindOf(came: Answered, exchange: Exchange): DiagnosisKind | null {
  const { status } = came
  if (status === 401) return 'credential'
  if (status >= 300 && status < 400) return 'redirect'
  if (status === 402) return 'balance'
  if (status === 403 || status === 451) return 'forbidden'
  if (status !== 529 && saysBusy(came)) return 'busy'
  if (status === 502 || status === 503 || status === 504) return 'upstream-down'
  // A page of its own is how many a server says that it failed: that is judged, like every other 500.
  if (status < 500 && isPage(came, exchange)) return 'web-page'
  if (status === 404) return see(exchange, 'error').is === 'there' ? 'no-model' : 'no-route'
  return status === 405 && see(exchange, 'error').is !== 'there' ? 'no-route' : null
}

/** The kinds of which the models that are served help to understand them. */
export function isAboutTheModel({ kind }: Diagnosis): boolean {
  return kind === 'no-model' || kind === 'upstream-down'
}

/** The kinds in which another Base URL may be meant: that of an unknown model too, where no models are listed either. */
export function isAboutThePath({ kind }: Diagnosis, models: readonly string[] | null): boolean {
  return kind === 'no-route' || kind === 'web-page' || (kind === 'no-model' && models === null)
}

function sentenceOf(parts: Parts, target: Target, { auth, refusedToo }: First): string {
  const { kind, url, status, said, authenticate, location, page } = parts
  const came = cameAs(parts)
  switch (kind) {
    case 'credential': {
      const other = refusedToo === null ? '' : `; as ${nameOf(refusedToo, target)} it was refused too`
      const ownHeader = refusedToo === null ? '' : ' If it takes the key in a header of its own: --key-header NAME.'
      return `${came} The key in ${target.keyVariable} was sent as ${nameOf(auth, target)}${other}.${asksFor(authenticate)}${ownHeader}`
    }
    case 'redirect':
      return `POST ${url} answered ${status}, a redirect${location === undefined ? '' : ` to ${location}`}; clients do not follow it with a body. Use the address it points to as Base URL, without /v1/messages: curl -i shows it whole.`
    case 'web-page':
      return `${came} This is probably a dashboard or a site, not the API's address. A Base URL is what stands before /v1/messages: look for it in the gateway's documentation. Where it is the right one, a firewall in front answered in its place.`
    case 'no-route':
      return `${came} That is no error envelope: the path is probably wrong, or who answers there does not know the model ${target.model}. A Base URL is what stands before /v1/messages.`
    case 'no-model':
      return `${came} Probably it does not serve the model ${target.model}.`
    case 'balance':
      return `${came} The account behind the key has probably no balance left.`
    case 'forbidden':
      return `${came} ${forbidden(status, page, target)}`
    case 'busy':
      return `${came} It stayed busy although it was waited for: the quota or the balance of the key is probably used up. Try later, or with --concurrency 1.`
    case 'upstream-down':
      return `${came} Twice: nothing stands behind it yet, or nobody there serves the model ${target.model}. --wait SECONDS waits for a gateway that is still starting.`
    default:
      return `${url} ${silence[kind as Failure]} (${said})`
  }
}

/** What was sent where, and what came: the beginning of every sentence about an answer. */
function cameAs({ url, status, said, page }: Omit<Parts, 'kind'>, method = 'POST'): string {
  const answered = `${method} ${url} answered ${status}`
  if (page) return `${answered} with a web page${said === undefined ? '' : ` ("${said}")`}.`
  return said === undefined ? `${answered} without a word.` : `${answered}: ${ended(said)}`
}

/** Both causes where the status does not tell them apart: the gateway's words stand before, and are never matched. */
function forbidden(status: number | undefined, page: boolean | undefined, { model, auth, keyHeader }: Target): string {
  if (status === 451)
    return 'That status is for what the law forbids: the gateway, or who stands behind it, probably does not serve the region this was sent from.'
  if (page)
    return 'An API does not answer so: a firewall or proxy in front of the gateway refused it, or does not admit the address or region this was sent from.'
  const otherHeader =
    auth === 'bearer' && keyHeader === undefined
      ? ' Some answer so to a key in a header that they do not look at: --auth x-api-key, or --key-header NAME.'
      : ''
  return `The key may not use the model ${model} or has no quota left, or the gateway admits certain clients, addresses or regions only: some want the user-agent or another header of one client (--header).${otherHeader}`
}

const silence: Readonly<Record<Failure, string>> = {
  refused: 'refused the connection: nothing listens there',
  unresolved: 'has a host name that does not resolve',
  certificate:
    'has a certificate that is not trusted; name its authority by NODE_EXTRA_CA_CERTS=FILE, or say --allow-self-signed',
  reset: 'closed the connection without an answer',
  timeout: 'did not answer in time',
  'not-http': 'answered something that is not HTTP',
  proxy:
    'was not reached through the proxy that HTTPS_PROXY, HTTP_PROXY or ALL_PROXY names; NO_PROXY excepts a gateway from it',
  interrupted: 'was not waited for',
}

/** The gateway's own words: those of the envelope, or what else of its body can be read. */
function words(exchange: Exchange): string | null {
  const error = see(exchange, 'error')
  if (error.is === 'there') return clip(`${error.value.error.type}: ${error.value.error.message}`)
  const text = see(exchange, 'text')
  if (text.is !== 'there') return null
  const { came } = exchange
  const said = came.kind === 'answer' && isPage(came, exchange) ? titleOf(text.value) : text.value
  return said.trim() === '' ? null : clip(said.trim())
}

/** What a web page calls itself; empty where it does not. */
function titleOf(page: string): string {
  return /<title[^>]*>([^<]*)/i.exec(page)?.[1] ?? ''
}

function nameOf(auth: Auth, { keyHeader }: Target): string {
  if (keyHeader !== undefined) return keyHeader
  if (auth === 'none') return 'nothing (--auth none)'
  return auth === 'bearer' ? 'Authorization: Bearer' : auth === 'both' ? 'both credential headers' : 'x-api-key'
}

function isPage({ headers }: Answered, exchange: Exchange): boolean {
  const type = header(headers, 'content-type') ?? ''
  const text = see(exchange, 'text')
  return (
    /^(text\/html|application\/xhtml\+xml)/i.test(type) ||
    (text.is === 'there' && /^\s*(<\?xml[^>]*>\s*)?<(!doctype|html)/i.test(text.value))
  )
}

/** The same diagnosis, where the model is in question with the models that are served; null where the list could not be read. */
export function withModels(
  diagnosis: Diagnosis,
  models: readonly string[] | null,
  { model }: Pick<Target, 'model'>,
): Diagnosis {
  if (!isAboutTheModel(diagnosis)) return diagnosis
  const listed = models?.includes(model) ? ` It lists ${model}: perhaps the key may not use it.` : ''
  const elsewhere = models === null && diagnosis.kind === 'no-model' ? ' So the path may be wrong, too.' : ''
  const sentence = `${diagnosis.sentence} ${served(models)}${listed}${elsewhere}`
  return models ? { ...diagnosis, models: [...models], sentence } : { ...diagnosis, sentence }
}

/** The same diagnosis, where the path is in question with what was found at others. */
export function withLooks(diagnosis: Diagnosis, looks: readonly Look[]): Diagnosis {
  if (looks.length === 0) return diagnosis
  const lookedAt = looks.map(({ baseUrl }) => baseUrl)
  const found = looks.find(({ answers }) => answers)
  if (diagnosis.kind === 'no-model') {
    // The envelope says that an API answered already: another one is no more than a possibility.
    if (!found) return { ...diagnosis, lookedAt }
    const sentence = `${diagnosis.sentence} An API answers at ${found.baseUrl} as well: perhaps that is the Base URL.`
    return { ...diagnosis, lookedAt, answersAt: found.baseUrl, sentence }
  }
  if (!found) {
    const sentence = `${diagnosis.sentence} Nothing answers at ${lookedAt.join(' or ')} either.`
    return { ...diagnosis, lookedAt, sentence }
  }
  const sentence = `${cameAs(diagnosis)} It answers at ${found.baseUrl}: use that as Base URL.`
  return { ...diagnosis, lookedAt, answersAt: found.baseUrl, sentence }
}

/** `It serves: a, b, c.` */
function served(models: readonly string[] | null): string {
  if (!models) return 'Its list of models could not be read.'
  const some = models.slice(0, 20).map(clip).join(', ')
  return `It serves: ${some}${models.length > 20 ? `, and ${models.length - 20} more` : ''}.`
}

/** What to say to somebody who named no model: those that are served, or why that could not be told, a refused key before all. */
export function whichModel(
  ask: string,
  { models, exchange }: { readonly models: readonly string[] | null; readonly exchange: Exchange | null },
  target: Target,
): string {
  if (models || exchange?.came.kind !== 'answer') return `${ask} ${served(models)}`
  const { status, headers } = exchange.came
  const said = words(exchange)
  const url = endpoint(target.baseUrl, exchange.sent.path).href
  const page = isPage(exchange.came, exchange)
  const came = cameAs({ url, status, ...(said !== null && { said }), ...(page && { page }) }, exchange.sent.method)
  if (status !== 401) return `${ask} Its list of models could not be read: ${came}`
  const authenticate = header(headers, 'www-authenticate')
  return `${came} The key in ${target.keyVariable} was sent as ${nameOf(target.auth, target)}.${asksFor(authenticate && clip(authenticate))} Once it is accepted: ${ask}`
}

function asksFor(authenticate: string | undefined): string {
  return authenticate === undefined ? '' : ` It asks for: ${authenticate}.`
}

/** Why a run ended early that had begun; null for one that was carried out, or whose first exchange says why it was not. */
export function diagnoseEnd(
  { ending, diedOf, unserved, failure }: Gathered,
  cost: Cost,
  target: Target,
): Diagnosis | null {
  switch (ending) {
    case 'unreachable':
      return unserved.length > 0 ? servesNothing(unserved, target) : null
    case 'budget': {
      const { requests, inputTokens, outputTokens } = cost
      const sentence = `The budget does not cover this run: it would need ${counted(requests, 'request')}, ${counted(inputTokens, 'input token')} and ${counted(outputTokens, 'output token')}. Nothing was sent.`
      return { kind: 'budget', sentence }
    }
    case 'lost': {
      const { fixture, left } = diedOf ?? { fixture: 'an exchange', left: false }
      const since = left
        ? `since ${fixture}, which was left in the middle as clients do, nothing got an answer`
        : `${fixture} got no answer, and nothing after it did`
      return { kind: 'lost', fixture, sentence: `The gateway stopped answering in the middle of the run: ${since}.` }
    }
    case 'interrupted':
      return { kind: 'interrupted', sentence: 'The run was interrupted.' }
    case 'deadline':
      return { kind: 'deadline', sentence: 'The run took longer than it was given (--deadline).' }
    case 'error':
      return ourError(failure)
    default:
      return null
  }
}

/** None of the valid requests was served: what came instead, once for all of them. */
function servesNothing(unserved: readonly Exchange[], { baseUrl, model }: Target): Diagnosis {
  const came = [...new Set(unserved.map(cameInWords))]
  const said = unserved
    .map(words)
    .filter((text) => text !== null)
    .at(-1)
  const url = endpoint(baseUrl, '/v1/messages').href
  const statuses = new Set(unserved.map(statusOf))
  const [status] = statuses.size === 1 ? statuses : []
  const sentence = `${url} served none of the ${unserved.length} valid requests it was sent, and nothing else was asked. It answered ${ended(came.join(' or ') + (said === undefined ? '' : `: ${said}`))}${alike(status, model)}`
  return {
    kind: 'unserved',
    url,
    ...(status !== undefined && status !== null && { status }),
    sentence,
    ...(said !== undefined && { said }),
  }
}

/** What refuses every valid request alike; the words that stand before say which it is. */
function alike(status: number | null | undefined, model: string): string {
  if (status === undefined || status === null || status < 400 || status > 499) return ''
  return ` So it is not what was asked: perhaps the key is not a valid one, the model ${model} is not served, the balance is used up, or the gateway admits one client only.`
}

function statusOf({ came }: Exchange): number | null {
  return came.kind === 'answer' ? came.status : null
}

/** Words of a gateway as the end of a sentence: with one full stop. */
function ended(text: string): string {
  return text.endsWith('.') ? text : `${text}.`
}

function cameInWords({ came }: Exchange): string {
  if (came.kind === 'nothing') return `nothing (${came.failure})`
  return came.status < 300 ? `${came.status} with an error in the stream` : String(came.status)
}

/** A mistake of ours, or something of ours that could not be written, in one sentence. */
export function ourError(failure: unknown): Diagnosis {
  const sentence =
    failure instanceof Error && failure.name === 'InputError'
      ? failure.message
      : `The run failed by a mistake of this tool: ${clip(failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure))}`
  return { kind: 'error', sentence }
}
