import { asked } from '../harness/views/asked.ts'
import { requirement } from '../harness/judge/requirement.ts'
import type { Finding } from '../harness/views/finding.ts'
import type { ListedModel } from '../harness/views/views.ts'
import { counted } from '../harness/wire/counted.ts'
import { otherStatus } from '../harness/views/placed.ts'
import { unserved } from '../harness/views/served.ts'
import { claudeCode, docs, httpError, typescriptSdk } from '../sources.ts'
import { show } from '../harness/views/finding.ts'

/* GET /v1/models and GET /v1/models/{id} */

export const offered = requirement('models/offered', {
  level: 'must',
  profile: 'sdk',
  title: 'models are listed, or the endpoint is plainly not there: 404, 405 or 501',
  because: 'Pickers ask for it at start-up; a 500 there looks like a gateway that is down.',
  breaks: ['claude-code'],
  source: claudeCode(
    'llm-gateway-protocol',
    "Claude Code can query the gateway's /v1/models endpoint at startup and add the returned models to the /model picker",
  ),
  gates: 'models',
  probe: ['models/list'],
  declinedBy: [],
  endpoint: true,
})

export const byXApiKey = requirement('models/by-x-api-key', {
  level: 'should',
  profile: 'claude-code',
  title: 'models are listed to a key in x-api-key too, where that is accepted',
  because: 'With ANTHROPIC_API_KEY the picker of Claude Code stays empty otherwise, and nothing says why.',
  breaks: [],
  source: claudeCode(
    'llm-gateway-protocol',
    "Claude Code can query the gateway's /v1/models endpoint at startup and add the returned models to the /model picker",
  ),
  after: ['models/offered'],
  reads: { 'models/by-x-api-key': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const shape = requirement('models/shape', {
  level: 'must',
  profile: 'sdk',
  title: 'a list of models has data, and each model an id',
  because: 'Clients read nothing else as reliably; without data the SDKs iterate over nothing.',
  breaks: ['claude-code'],
  source: claudeCode(
    'llm-gateway-protocol',
    "Claude Code reads id and the optional display_name from each entry in the response's data array",
  ),
  capability: 'models',
  vouches: 'models',
})

export const page = requirement('models/page', {
  level: 'should',
  profile: 'full',
  title: 'the list is a page: has_more, first_id and last_id stand beside data',
  because: 'SDKs page by them.',
  breaks: [],
  source: docs('api/models/list'),
  capability: 'models',
  every: 'models',
  *check({ has_more, first_id, last_id, data }) {
    if (typeof has_more !== 'boolean') yield { at: '/has_more', expected: 'true or false', actual: show(has_more) }
    for (const [name, value, end] of [
      ['first_id', first_id, data[0]?.id ?? null],
      ['last_id', last_id, data.at(-1)?.id ?? null],
    ] as const)
      if (value !== end) yield { at: `/${name}`, expected: show(end), actual: show(value) }
  },
})

export const goesOn = requirement('models/goes-on', {
  level: 'must',
  profile: 'full',
  title: 'a page that has more says by last_id where it goes on',
  because: 'The SDK stops after the first page without a word.',
  breaks: [],
  source: typescriptSdk('src/core/pagination.ts', 'const cursor = this.last_id; if (!cursor) { return null; }'),
  capability: 'models',
  least: 'models/first',
  every: 'models',
  where: ({ has_more }) => has_more === true,
  *check({ last_id }) {
    if (typeof last_id !== 'string') yield { at: '/last_id', expected: 'an id', actual: show(last_id) }
  },
})

export const entries = requirement('models/entries', {
  level: 'should',
  profile: 'sdk',
  title: 'each model has type "model", a display_name and created_at',
  because: 'Pickers show display_name; in the list of another protocol it is undefined.',
  breaks: ['claude-code'],
  source: docs('api/models/list'),
  capability: 'models',
  every: 'models',
  *check({ data }) {
    for (const [index, model] of data.entries()) yield* bare(model, `/data/${index}`)
  },
})

export const listed = requirement('models/lists-its-own', {
  level: 'should',
  profile: 'full',
  title: 'the model under test is listed',
  because: 'Who picks from the list never finds it otherwise.',
  breaks: [],
  source: docs('api/models/list'),
  reads: { 'models/list': 'models', 'messages/hello': 'message' },
  *check({ 'models/list': { data }, 'messages/hello': message }, { 'messages/hello': hello }) {
    const names = [String(asked(hello).body['model']), message.model]
    const known = data.some(({ id }) => names.some((name) => id === name || id.startsWith(name) || name.startsWith(id)))
    if (!known)
      yield { fixture: 'models/list', at: '/data', expected: names[0] ?? '', actual: counted(data.length, 'other') }
  },
})

export const limited = requirement('models/limit', {
  level: 'should',
  profile: 'full',
  title: 'limit and after_id are kept',
  because: 'A client that pages goes round in circles otherwise.',
  breaks: [],
  source: docs('api/models/list'),
  reads: { 'models/first': 'models', 'models/after': 'models' },
  *check({ 'models/first': first, 'models/after': after }, { 'models/after': exchange }) {
    if (first.data.length > 1)
      yield { fixture: 'models/first', at: '/data', expected: 'one model', actual: `${first.data.length} models` }
    const model = new URLSearchParams(exchange.sent.path.split('?')[1]).get('after_id')
    if (after.data.some(({ id }) => id === model))
      yield { fixture: 'models/after', at: '/data', expected: `what comes behind ${model}`, actual: `${model} again` }
  },
})

export const served = requirement('models/served', {
  level: 'should',
  profile: 'full',
  title: 'one model, and any page, can be asked for where the list can',
  because: 'SDKs have a method for each.',
  breaks: [],
  source: docs('api/models/retrieve'),
  after: ['models/offered'],
  reads: { 'models/one': 'answer', 'models/first': 'answer', 'models/after': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const oneShape = requirement('models/one-shape', {
  level: 'must',
  profile: 'full',
  title: 'one model is an object with an id',
  because: 'Clients that resolve an alias read it.',
  breaks: [],
  source: docs(
    'api/models/retrieve',
    'The Models API response can be used to determine information about a specific model or resolve a model alias to a model ID.',
  ),
  capability: 'models',
  vouches: 'model',
})

export const oneEntry = requirement('models/one-entry', {
  level: 'should',
  profile: 'full',
  title: 'one model has type "model", a display_name and created_at, as each of the list has',
  because: 'Pickers show display_name.',
  breaks: [],
  source: docs('api/models/retrieve'),
  capability: 'models',
  every: 'model',
  *check(model) {
    yield* bare(model, '')
  },
})

export const unknown = requirement('models/unknown-404', {
  level: 'should',
  profile: 'full',
  title: 'a model there is none of is answered with 404',
  because: 'It is how a client finds out that an alias is gone.',
  breaks: [],
  source: httpError(404),
  after: ['models/offered'],
  reads: { 'models/unknown': 'answer' },
  *check(answers) {
    yield* otherStatus(answers, 404)
  },
})

/** A finding for each field that a model has beside its id, and that is not there, or not what it should be. */
function* bare({ type, display_name, created_at }: ListedModel, at: string): Iterable<Finding> {
  if (type !== 'model') yield { at: `${at}/type`, expected: '"model"', actual: show(type) }
  if (typeof display_name !== 'string')
    yield { at: `${at}/display_name`, expected: 'a string', actual: show(display_name) }
  if (typeof created_at !== 'string' || Number.isNaN(Date.parse(created_at)))
    yield { at: `${at}/created_at`, expected: 'a date (RFC 3339)', actual: show(created_at) }
}
