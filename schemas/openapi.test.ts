import { readFileSync } from 'node:fs'
import { Validator } from '@seriousme/openapi-schema-validator'
import formats from 'ajv-formats'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, test } from 'vitest'
import { blockParams, events, message, model, request } from './examples.ts'

const text = readFileSync(new URL('openapi.json', import.meta.url), 'utf8')

test('the description is OpenAPI 3.1', async () => {
  expect(await new Validator().validate(text)).toEqual({ valid: true })
})

describe('its components judge as the schemas they come from', () => {
  const ajv = new Ajv2020({ strict: false })
  formats.default(ajv)
  ajv.addSchema(JSON.parse(text) as object, 'openapi.json')
  const validates = (name: string, value: unknown): boolean =>
    ajv.compile({ $ref: `openapi.json#/components/schemas/${name}` })(value)

  test.for<[name: string, right: unknown, wrong: unknown]>([
    ['Message', message, { ...message, usage: undefined }],
    ['MessageRequest', request, { ...request, max_token: 1 }],
    ['ContentBlockParam', blockParams[0], { type: 'text' }],
    ['Model', model, { ...model, id: 1 }],
    ['TokenCount', { input_tokens: 3 }, { input_tokens: '3' }],
    ['ErrorResponse', { type: 'error', error: { type: 'api_error', message: 'm' } }, { error: 'm' }],
    ...events.map((event): [string, unknown, unknown] => ['StreamEvent', event, { ...event, type: undefined }]),
  ])('%s', ([name, right, wrong]) => {
    expect(validates(name, right)).toBe(true)
    expect(validates(name, JSON.parse(JSON.stringify(wrong)))).toBe(false)
  })

  test('every reference leads somewhere', () => {
    const { components } = JSON.parse(text) as { components: { schemas: Record<string, object> } }
    for (const name of Object.keys(components.schemas)) expect(() => validates(name, null)).not.toThrow()
  })
})
