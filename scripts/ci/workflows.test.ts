import { readFileSync } from 'node:fs'
import { validateAction, validateWorkflow } from '@action-validator/core'
import { expect, test } from 'vitest'

/* What GitHub reads, held against its published schemas: a mistake would show only once it is used. */

const text = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')

test('the action fits the schema of actions', () => {
  expect(validateAction(text('../../action.yml')).errors).toEqual([])
})

test.for(['nightly.yml', 'pull-request.yml'])('%s fits the schema of workflows', (name) => {
  expect(validateWorkflow(text(name)).errors).toEqual([])
})

test('the workflows give the action inputs that it has', () => {
  const inputs = new Set([...text('../../action.yml').matchAll(/^ {2}([a-z-]+):$/gm)].map(([, name]) => name))
  const used = [
    ...text('nightly.yml').matchAll(/uses: OWNER\/messages-conformance[^\n]*\n\s+with:\n((?: {10}\S[^\n]*\n)+)/g),
  ]
  const names = used.flatMap(([, block = '']) => [...block.matchAll(/^ {10}([a-z-]+):/gm)].map(([, name]) => name))
  expect(names.length).toBeGreaterThan(2)
  expect(names.filter((name) => !inputs.has(name))).toEqual([])
})
