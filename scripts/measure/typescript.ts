import Anthropic from '@anthropic-ai/sdk'
import AnthropicOfOld from 'anthropic-sdk-0'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { defaultKey } from '../../fixtures/gateways/reference/identity.ts'
import { wrongKey } from '../../suites/harness/gather/compose.ts'
import { isObject, objects, type JsonObject } from '../../suites/harness/wire/json.ts'
import { following, type Asked, type Call } from './calls.ts'
import { fetchInto } from './fetch-into.ts'
import { countIn, eventsOf, messageOf, modelOf, textOf, type Said } from './got.ts'
import type { Got, Raised } from './outcome.ts'

/** What both lines of the TypeScript SDK have, as far as it is called here: bodies go in as data, and what comes out is not believed. */
interface Sdk {
  readonly messages: Creates & {
    countTokens(body: object, options: object): PromiseLike<unknown>
    parse(body: object, options: object): PromiseLike<unknown>
  }
  readonly beta: { readonly messages: { toolRunner(body: object): { runUntilDone(): PromiseLike<unknown> } } }
  readonly models: {
    list(query: object): PromiseLike<unknown> & AsyncIterable<unknown>
    retrieve(id: string): PromiseLike<unknown>
  }
}

interface Creates {
  create(body: object, options: object): PromiseLike<unknown>
  stream(body: object, options: object): Streaming
}

interface Streaming {
  on(event: 'text', listener: (delta: string) => void): unknown
  finalMessage(): PromiseLike<unknown>
}

/** The lines of the SDK that are measured. */
export const lines = { 'typescript-sdk': Anthropic, 'typescript-sdk-0': AnthropicOfOld } as const

export type Line = keyof typeof lines

/** Makes one call through a line of the SDK, into a gateway in this process. Throws where the call itself is a mistake of ours. */
export async function makeCall(line: Line, call: Call, gateway: Gateway): Promise<Got> {
  let requests = 0
  let hang = (): void => {}
  const hung = new Promise<'hung'>((resolve) => (hang = () => resolve('hung')))
  // Whoever waits has had every chance to end by what came before: all that is ready now runs first.
  const waits = (): void => void setImmediate(() => setImmediate(hang))
  const sdk: Sdk = new lines[line]({
    apiKey: call.wrongKey ? wrongKey : defaultKey,
    authToken: null,
    baseURL: 'http://gateway.invalid',
    logLevel: 'off',
    fetch: fetchInto(gateway, { asks: () => void requests++, waits }),
  })
  try {
    const said = await Promise.race([doing(sdk, call), hung])
    return said === 'hung' ? { is: 'hung', requests } : { is: 'result', ...said, requests }
  } catch (error) {
    return { is: 'error', error: raised(error), requests }
  }
}

async function doing(sdk: Sdk, call: Call): Promise<Said> {
  switch (call.does) {
    case 'create':
      return messageOf(await create(sdk, call))
    case 'stream':
      return messageOf(...(await stream(sdk, call)))
    case 'raw':
      return eventsOf(await events(sdk, call))
    case 'leave':
      await leave(sdk, call)
      return messageOf(await create(sdk, call))
    case 'together': {
      const all = await Promise.all(call.all.map((asked) => create(sdk, asked)))
      return { acts: all.map(textOf), books: null }
    }
    case 'loop': {
      const [first] = call.stream ? await stream(sdk, call) : [await create(sdk, call)]
      const { headers } = call.next
      const body = following(call.body, isObject(first) ? first : {}, call.next)
      const second = call.stream ? (await stream(sdk, { body, headers }))[0] : await create(sdk, { body, headers })
      return both(messageOf(first), messageOf(second))
    }
    case 'runner':
      return runTools(sdk, call)
    case 'parse':
      return parse(sdk, call)
    case 'count':
      return countIn(await sdk.messages.countTokens(call.body, { headers: call.headers }))
    case 'models': {
      const found: unknown[] = []
      for await (const model of sdk.models.list({ limit: call.limit })) if (found.push(modelOf(model)) > 9) break
      return { acts: found, books: null }
    }
    case 'model':
      return { acts: modelOf(await sdk.models.retrieve(call.id)), books: null }
  }
}

function create(sdk: Sdk, { body, headers }: Asked): PromiseLike<unknown> {
  return sdk.messages.create(body, { headers })
}

/** The Message that a stream adds up to, and the text that a listener heard meanwhile. */
async function stream(sdk: Sdk, { body, headers }: Asked): Promise<[unknown, string]> {
  let heard = ''
  const streaming = sdk.messages.stream(body, { headers })
  streaming.on('text', (delta) => (heard += delta))
  return [await streaming.finalMessage(), heard]
}

async function* reading(sdk: Sdk, asked: Asked): AsyncGenerator<JsonObject> {
  const came = await create(sdk, { ...asked, body: { ...asked.body, stream: true } })
  if (!isIterable(came)) throw new TypeError('What came cannot be iterated.')
  for await (const event of came) yield isObject(event) ? event : {}
}

async function events(sdk: Sdk, asked: Asked): Promise<JsonObject[]> {
  const all: JsonObject[] = []
  for await (const event of reading(sdk, asked)) all.push(event)
  return all
}

/** Leaves a stream soon after its beginning. */
async function leave(sdk: Sdk, asked: Asked): Promise<void> {
  let seen = 0
  for await (const _ of reading(sdk, asked)) if (++seen > 5) break
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

async function runTools(sdk: Sdk, { body, stream: streams }: Asked & { readonly stream: boolean }): Promise<Said> {
  const inputs: unknown[] = []
  const tools = objects(body['tools']).map((tool) => ({
    ...tool,
    type: 'custom',
    parse: (input: unknown) => input,
    run: (input: unknown) => {
      inputs.push([tool['name'], input])
      return 'Recorded.'
    },
  }))
  const runner = sdk.beta.messages.toolRunner({ ...body, tools, stream: streams, max_iterations: 4 })
  const { acts, books } = messageOf(await runner.runUntilDone())
  return { acts: [inputs, acts], books }
}

async function parse(sdk: Sdk, { body, headers }: Asked): Promise<Said> {
  const config = isObject(body['output_config']) ? body['output_config'] : {}
  const format = isObject(config['format']) ? config['format'] : {}
  const parsing = { ...format, parse: (text: string): unknown => JSON.parse(text) }
  const message = await sdk.messages.parse({ ...body, output_config: { ...config, format: parsing } }, { headers })
  return { acts: isObject(message) ? message['parsed_output'] : null, books: null }
}

function both(first: Said, second: Said): Said {
  return { acts: [first.acts, second.acts], books: [first.books, second.books] }
}

function raised(error: unknown): Raised {
  const { status, type, message, requestID } = isObject(error) ? error : {}
  return {
    name: error instanceof Error ? error.constructor.name : typeof error,
    status: typeof status === 'number' ? status : null,
    type: typeof type === 'string' ? type : null,
    words: `${String(message).replaceAll(/req_\w+/g, 'req')}, ${typeof requestID}`,
  }
}
