import packageJson from '../../package.json' with { type: 'json' }
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { nameOf, type Schema, type Schemas } from './schemas.ts'

/** Our own files, and what is spoken behind a gateway: neither is a part of what a gateway exposes. */
const apart: ReadonlySet<string> = new Set([
  'chat-chunk.schema.json',
  'chat-completion.schema.json',
  'chat-error.schema.json',
  'chat-request.schema.json',
  'client.schema.json',
  'fixture.schema.json',
  'history.schema.json',
  'matrix.schema.json',
  'report.schema.json',
  'tape.schema.json',
  'target.schema.json',
  'vocabulary.schema.json',
])

/** The contract as an OpenAPI 3.1 description, its components the same schemas that answers are judged by. */
export function openapi(schemas: Schemas): string {
  const components: Record<string, unknown> = {}
  for (const [file, { $defs = {}, ...root }] of schemas) {
    if (apart.has(file)) continue
    for (const [name, schema] of [[root.title ?? file, root] as const, ...Object.entries($defs)]) {
      if (name in components) throw new InputError(`${file}: another schema is called "${name}" too.`)
      components[name] = inComponents(schema, file, schemas)
    }
  }
  return `${JSON.stringify({ ...description, components: { ...shared, schemas: components } }, null, 2)}\n`
}

/** A schema with its references led to the components, and without what only our generators read. */
function inComponents(schema: unknown, file: string, schemas: Schemas): unknown {
  if (Array.isArray(schema)) return schema.map((item) => inComponents(item, file, schemas))
  if (typeof schema !== 'object' || schema === null) return schema
  return Object.fromEntries(
    Object.entries(schema as Schema).flatMap(([key, value]): [string, unknown][] => {
      if (key === 'tsType' || key === '$id' || key === '$schema') return []
      if (key !== '$ref') return [[key, inComponents(value, file, schemas)]]
      const ref = String(value)
      return [[key, component(nameOf(ref.startsWith('#') ? `${file}${ref}` : ref, schemas))]]
    }),
  )
}

const component = (name: string): string => `#/components/schemas/${name}`
const json = (name: string) => ({ 'application/json': { schema: { $ref: component(name) } } })
const errors = { default: { $ref: '#/components/responses/Error' } }
const version = { $ref: '#/components/parameters/AnthropicVersion' }
const beta = { $ref: '#/components/parameters/AnthropicBeta' }

const description = {
  openapi: '3.1.0',
  jsonSchemaDialect: 'https://json-schema.org/draft/2020-12/schema',
  info: {
    title: 'Anthropic Messages format, as a gateway exposes it',
    version: packageJson.version,
    description:
      'What messages-conformance judges by. Requests are closed: what the API does not know it refuses. Answers are open: a client ignores fields, content blocks and events it does not know.',
    license: { name: packageJson.license, identifier: packageJson.license },
  },
  servers: [{ url: '{baseUrl}', variables: { baseUrl: { default: 'https://gateway.example' } } }],
  security: [{ bearer: [] }, { apiKey: [] }],
  paths: {
    '/v1/messages': {
      post: {
        operationId: 'createMessage',
        summary: 'Create a Message',
        parameters: [version, beta],
        requestBody: { required: true, content: json('MessageRequest') },
        responses: {
          '200': {
            description: 'A Message; with "stream": true, the events it comes in.',
            headers: { 'request-id': { schema: { type: 'string' } } },
            content: {
              ...json('Message'),
              'text/event-stream': {
                schema: {
                  description:
                    'Server-sent events. Each has an `event:` line that repeats the type, and one `data:` line that holds a StreamEvent as JSON. In order: message_start; for each content block content_block_start, content_block_delta (any number), content_block_stop; message_delta, at least one; message_stop. ping may come anywhere behind message_start, and an error event ends the stream.',
                  $ref: component('StreamEvent'),
                },
              },
            },
          },
          ...errors,
        },
      },
    },
    '/v1/messages/count_tokens': {
      post: {
        operationId: 'countTokens',
        summary: 'Count the input tokens of a request',
        parameters: [version, beta],
        requestBody: { required: true, content: json('CountTokensRequest') },
        responses: { '200': { description: 'The count.', content: json('TokenCount') }, ...errors },
      },
    },
    '/v1/models': {
      get: {
        operationId: 'listModels',
        summary: 'List models, newest first',
        parameters: [
          version,
          { name: 'limit', in: 'query', schema: { type: 'integer', minimum: 1, maximum: 1000 } },
          { name: 'after_id', in: 'query', schema: { type: 'string' } },
          { name: 'before_id', in: 'query', schema: { type: 'string' } },
        ],
        responses: { '200': { description: 'A page of models.', content: json('ModelsPage') }, ...errors },
      },
    },
    '/v1/models/{model_id}': {
      get: {
        operationId: 'getModel',
        summary: 'One model, by its id or an alias',
        parameters: [version, { name: 'model_id', in: 'path', required: true, schema: { type: 'string' } }],
        responses: { '200': { description: 'The model.', content: json('Model') }, ...errors },
      },
    },
  },
}

const shared = {
  securitySchemes: {
    bearer: { type: 'http', scheme: 'bearer' },
    apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
  },
  parameters: {
    AnthropicVersion: {
      name: 'anthropic-version',
      in: 'header',
      description: 'Required by the official API; a gateway may have a default.',
      schema: { type: 'string', examples: ['2023-06-01'] },
    },
    AnthropicBeta: {
      name: 'anthropic-beta',
      in: 'header',
      description: 'Names of betas, separated by commas.',
      schema: { type: 'string' },
    },
  },
  responses: {
    Error: {
      description: 'Anything that went wrong, in the envelope of errors.',
      headers: {
        'request-id': { schema: { type: 'string' } },
        'retry-after': { description: 'Seconds, with 429 and 529.', schema: { type: 'string' } },
      },
      content: json('ErrorResponse'),
    },
  },
}
