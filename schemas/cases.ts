import { readFileSync, readdirSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { describe, expect, test } from 'vitest'
import {
  validateBatch,
  validateBatchLine,
  validateChatChunk,
  validateChatCompletion,
  validateChatError,
  validateChatRequest,
  validateClientReport,
  validateMatrix,
  validateRunRecord,
  validateCountTokensRequest,
  validateError,
  validateFixture,
  validateMessage,
  validateModel,
  validateModelsPage,
  validateReport,
  validateRequest,
  validateStreamEvent,
  validateTapeLine,
  validateTarget,
  validateTokenCount,
} from './validators.js'

/** Each shape as it is used, and as it is published. */
const shapes = {
  Message: [validateMessage, 'message.schema.json'],
  StreamEvent: [validateStreamEvent, 'stream.schema.json'],
  ErrorResponse: [validateError, 'error.schema.json'],
  TokenCount: [validateTokenCount, 'count-tokens.schema.json'],
  ModelsPage: [validateModelsPage, 'models.schema.json'],
  Model: [validateModel, 'models.schema.json#/$defs/Model'],
  MessageBatch: [validateBatch, 'batch.schema.json'],
  BatchLine: [validateBatchLine, 'batch.schema.json#/$defs/BatchLine'],
  MessageRequest: [validateRequest, 'request.schema.json'],
  CountTokensRequest: [validateCountTokensRequest, 'count-tokens-request.schema.json'],
  ChatRequest: [validateChatRequest, 'chat-request.schema.json'],
  ChatCompletion: [validateChatCompletion, 'chat-completion.schema.json'],
  ChatChunk: [validateChatChunk, 'chat-chunk.schema.json'],
  ChatError: [validateChatError, 'chat-error.schema.json'],
  Fixture: [validateFixture, 'fixture.schema.json'],
  TargetFile: [validateTarget, 'target.schema.json'],
  TapeLine: [validateTapeLine, 'tape.schema.json'],
  Report: [validateReport, 'report.schema.json'],
  ClientReport: [validateClientReport, 'client.schema.json'],
  Matrix: [validateMatrix, 'matrix.schema.json'],
  RunRecord: [validateRunRecord, 'history.schema.json'],
} as const

type Case = readonly [about: string, shape: keyof typeof shapes, data: unknown]

/** Tests that each is right. */
export function accepts(cases: readonly Case[]): void {
  describe('accepted', () => {
    test.for(cases)('%s (%s)', ([, shape, data]) => {
      expect(problems(shape, data)).toEqual([])
      expect(asPublished(shape, data)).toBe(true)
    })
  })
}

/** Tests that each is wrong, with one error, where it is wrong. */
export function refuses(cases: readonly (readonly [...Case, error: string])[]): void {
  describe('refused', () => {
    test.for(cases)('%s (%s)', ([, shape, data, error]) => {
      expect(problems(shape, data)).toEqual([error])
      expect(asPublished(shape, data)).toBe(false)
    })
  })
}

/** Tests that each, put in its place, is right, and wrong, with one error, where any field of it is left out. */
export function needsAll<T extends { readonly type?: unknown }>(
  examples: readonly T[],
  shape: keyof typeof shapes,
  place: (example: T) => unknown,
): void {
  describe('right as long as nothing is left out', () => {
    test.for(examples.map((it) => [it.type, shape, it] as const))('%s (%s)', ([, , it]) => {
      expect(problems(shape, place(it))).toEqual([])
      expect(asPublished(shape, place(it))).toBe(true)
      for (const field of Object.keys(it))
        expect(problems(shape, place({ ...it, [field]: undefined }))).toEqual([expect.stringMatching(missed(field))])
    })
  })
}

function missed(field: string): RegExp {
  return new RegExp(`must have required property '${field}'$|tag "${field}" must be string$`)
}

function problems(shape: keyof typeof shapes, data: unknown): string[] {
  const [validate] = shapes[shape]
  return validate(data) ? [] : (validate.errors ?? []).map((it) => `${it.instancePath} ${it.message}`.trim())
}

/** What any other program makes of the files as they are: no keyword means more to it than JSON Schema says. */
function asPublished(shape: keyof typeof shapes, data: unknown): boolean {
  return published.validate(`https://messages-conformance.dev/schemas/${shapes[shape][1]}`, data)
}

const published = formats.default(new Ajv2020({ strict: false }))
const folder = new URL('./', import.meta.url)
for (const file of readdirSync(folder).filter((name) => name.endsWith('.schema.json')))
  published.addSchema(JSON.parse(readFileSync(new URL(file, folder), 'utf8')))
