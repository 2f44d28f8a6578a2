import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { catalogue } from '../catalogue.ts'

const sdk = new URL('../../node_modules/@anthropic-ai/sdk/', import.meta.url)
const prefix = 'https://github.com/anthropics/anthropic-sdk-typescript/blob/main/'

/** Requirements that rest on a line of the official TypeScript SDK. */
const resting = catalogue.flatMap(({ id, source }) =>
  'url' in source && source.url.startsWith(prefix)
    ? [{ id, file: source.url.slice(prefix.length), quote: source.quote }]
    : [],
)

test.for(resting)('$id rests on code that is there', ({ file, quote }) => {
  const path = new URL(file, sdk)
  expect(existsSync(path), file).toBe(true)
  const code = readFileSync(path, 'utf8').replaceAll(/\s+/g, ' ')
  expect(code).toContain((quote ?? '').replaceAll(/\s+/g, ' '))
})
