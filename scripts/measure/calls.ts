import type { Fixture } from '../../schemas/types.ts'
import { requests, type FixtureName } from '../../fixtures/requests.ts'
import { compose } from '../../suites/harness/gather/compose.ts'
import { isObject, objects, parseJson, type JsonObject } from '../../suites/harness/wire/json.ts'
import { referenceTarget } from '../../suites/run/reference-target.ts'
import type { Group } from '../../suites/clients/outcomes.ts'

/** What is called, as data: a driver in any language can do it. `body` is what the SDK's method takes, `headers` what it sends besides. */
export type Call = {
  readonly name: string
  readonly group: Group
  /** The key is one that nobody has. */
  readonly wrongKey?: true
} & (
  | ({ readonly does: 'create' | 'stream' | 'raw' | 'leave' | 'parse' | 'count' } & Asked)
  | { readonly does: 'together'; readonly all: readonly Asked[] }
  | ({ readonly does: 'loop'; readonly stream: boolean; readonly next: Next } & Asked)
  | ({ readonly does: 'runner'; readonly stream: boolean } & Asked)
  | { readonly does: 'models'; readonly limit: number }
  | { readonly does: 'model'; readonly id: string }
)

export interface Asked {
  readonly body: JsonObject
  readonly headers: Readonly<Record<string, string>>
}

/** The turn after an answer: the result of each tool it called, what the user says, and what else of the body is new. */
interface Next extends Asked {
  readonly result?: unknown
  readonly isError?: true
  readonly says?: unknown
}

/** The areas whose requests any program could send through an SDK. */
const areas = new Set(
  'messages output tools thinking vision documents caching streaming tokens models errors upstream'.split(' '),
)
/** Wrong requests that a program is told about by nothing but the error. */
const wrong: readonly FixtureName[] = [
  'auth/wrong-bearer',
  'errors/unknown-model',
  'validation/max-tokens-string',
  'validation/tool-without-schema',
  'tokens/no-messages',
  'tokens/unknown-model',
  'models/unknown',
  'vision/not-a-picture',
  'caching/too-many',
  'thinking/forged',
]
/** No SDK's types let it through, and either answer to it is right. */
const unheardOf: FixtureName = 'output/unknown-field'
/** Streams that are read event by event as well. */
const raw: readonly FixtureName[] = ['messages/hello', 'messages/unicode', 'tools/parallel', 'thinking/tool']
const run: readonly FixtureName[] = ['tools/single', 'tools/parallel', 'thinking/tool']

/** All calls: the suite's own requests, as a program would make them. */
export function calls(): readonly Call[] {
  const names = Object.keys(requests) as FixtureName[]
  const together = names.filter((name) => requests[name].parallel)
  return [
    ...names.flatMap(callsOf),
    ...raw.map((name): Call => ({ name, group: 'raw', does: 'raw', ...asked(name) })),
    { name: 'streaming/hang-up', group: 'raw', does: 'leave', ...asked('streaming/hang-up') },
    { name: 'messages/parallel', group: 'create', does: 'together', all: together.map(asked) },
    ...run.flatMap((name) =>
      [false, true].map((stream): Call => {
        return { name: named(name, stream), group: 'runner', does: 'runner', stream, ...asked(name) }
      }),
    ),
    { name: 'output/structured', group: 'parse', does: 'parse', ...asked('output/structured') },
    { name: 'models/page by page', group: 'models', does: 'models', limit: 1 },
  ]
}

function callsOf(name: FixtureName): Call[] {
  const fixture = requests[name]
  const isWrong = wrong.includes(name)
  if (!isWrong && !isSendable(name, fixture)) return []
  const group = isWrong || fixture.upstream ? 'errors' : null
  const [path = '', query = ''] = (fixture.path ?? '/v1/messages').split('?')
  if (path === '/v1/models') {
    const limit = Number(new URLSearchParams(query).get('limit') ?? 20)
    return query.includes('after_id') ? [] : [{ name, group: 'models', does: 'models', limit }]
  }
  if (path.startsWith('/v1/models/')) {
    return [{ name, group: group ?? 'models', does: 'model', id: path.slice(11).replace('{{model}}', target.model) }]
  }
  if (path === '/v1/messages/count_tokens') {
    return [{ name, group: group ?? 'count', does: 'count', ...asked(name) }]
  }
  return (fixture.modes ?? ['json']).map((mode): Call => {
    const stream = mode === 'stream'
    const { follows } = fixture
    if (follows) {
      const first = asked(follows as FixtureName)
      return { name: named(name, stream), group: 'loop', does: 'loop', stream, ...first, next: next(fixture, follows) }
    }
    const does = stream ? 'stream' : 'create'
    const wrongKey = fixture.credential ? ({ wrongKey: true } as const) : {}
    return { name: named(name, stream), group: group ?? does, does, ...asked(name), ...wrongKey }
  })
}

function named(name: string, stream: boolean): string {
  return stream ? `${name}:stream` : name
}

/** An SDK sends it of itself: with its own key and version, valid, and whole. */
function isSendable(name: string, fixture: Fixture): boolean {
  const { phase, credential, apiVersion, raw, long, hangUpAfter, parallel } = fixture
  return (
    areas.has(name.split('/')[0] ?? '') &&
    name !== unheardOf &&
    phase !== 'refused' &&
    [credential, apiVersion, raw, long, hangUpAfter, parallel].every((special) => special === undefined)
  )
}

const target = referenceTarget('http://reference.invalid')

function asked(name: FixtureName): Asked {
  return { body: filled(requests[name]), headers: betasOf(requests[name]) }
}

function next(fixture: Fixture, follows: string): Next {
  const { result, then, isError } = fixture
  const values = requests[follows as FixtureName].values ?? []
  const all = filled({
    ...fixture,
    values: [{ ...values[0], ...fixture.values?.[0] }],
    body: {
      body: fixture.body ?? {},
      ...(result !== undefined && { result }),
      ...(then !== undefined && { says: then }),
    },
  })
  return {
    body: isObject(all['body']) ? all['body'] : {},
    headers: betasOf(fixture),
    ...('result' in all && { result: all['result'] }),
    ...('says' in all && { says: all['says'] }),
    ...(isError && { isError }),
  }
}

/** Its body with the values of its first try. */
function filled({ follows: _, ...fixture }: Fixture): JsonObject {
  const composed = compose(fixture, 'json', 1, target)
  const body = parseJson(composed?.body ?? '')
  if (!isObject(body)) throw new Error(`${fixture.about} has no body that an SDK could send.`)
  return body
}

function betasOf({ headers = {} }: Fixture): Record<string, string> {
  const betas = headers['anthropic-beta']
  return betas ? { 'anthropic-beta': String(betas) } : {}
}

/** The request that goes on from an answer, with the results of its tools; its content as the SDK gave it. */
export function following(first: JsonObject, answer: JsonObject, next: Next): JsonObject {
  const results = objects(answer['content'])
    .filter(({ type }) => type === 'tool_use')
    .map(({ id }) => ({
      type: 'tool_result',
      tool_use_id: id,
      ...(next.result !== undefined && { content: next.result }),
      ...(next.isError && { is_error: true }),
    }))
  const said = next.says === undefined ? [] : [{ type: 'text', text: next.says }]
  const turns = [{ role: 'user', content: [...results, ...said] }, ...objects(next.body['messages'])]
  if (isObject(next.body['thread'])) {
    const { system: _system, tools: _tools, ...others } = first
    return { ...others, ...next.body, thread: { type: 'continue', previous_message_id: answer['id'] }, messages: turns }
  }
  const history = [...objects(first['messages']), { role: 'assistant', content: answer['content'] }]
  return { ...first, ...next.body, messages: [...history, ...turns] }
}
