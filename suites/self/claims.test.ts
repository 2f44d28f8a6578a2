import { expect, test } from 'vitest'
import { claimsOf } from '../clients/claims.ts'
import type { Suffers } from '../clients/suffers.ts'
import type { Client } from '../harness/judge/clients.ts'

type Found = { readonly [C in Client]?: Suffers }

const who = (breaks: readonly Client[], found: Found = {}): string[] =>
  claimsOf({ id: 'streaming/ends', breaks }, found).map(({ client, source }) => `${client}: ${source}`)
const thought = (...clients: Client[]): string[] => clients.map((client) => `${client}: opinion`)

test('where nothing was measured, who is named breaks, and so does who reads like it', () => {
  expect(who(['typescript-sdk', 'claude-code'])).toEqual(
    thought('typescript-sdk', 'typescript-sdk-0', 'go-sdk', 'java-sdk', 'ai-sdk', 'claude-code'),
  )
  expect(who(['python-sdk'])).toEqual(thought('python-sdk', 'python-sdk-1'))
  expect(who(['raw-http'])).toEqual(thought('raw-http'))
  expect(who([])).toEqual([])
})

test('where those who are alike are told apart by name, who is not named does not', () => {
  expect(who(['typescript-sdk', 'go-sdk'])).toEqual(thought('typescript-sdk', 'go-sdk'))
  expect(who(['python-sdk', 'python-sdk-1'])).toEqual(thought('python-sdk', 'python-sdk-1'))
})

test('what was measured of a client stands, whoever is named', () => {
  expect(who(['typescript-sdk', 'typescript-sdk-0'], { 'typescript-sdk': 'is-unharmed' })).toEqual(
    thought('typescript-sdk-0'),
  )
  expect(claimsOf({ id: 'streaming/ends', breaks: [] }, { 'typescript-sdk': 'recovers' })).toEqual([
    {
      client: 'typescript-sdk',
      suffers: 'recovers',
      source: 'measured',
      version: expect.stringMatching(/^1\./) as string,
      date: expect.stringMatching(/^2026-/) as string,
    },
  ])
})

test('who reads like an SDK breaks where all lines of it were measured to break', () => {
  const both: Found = { 'typescript-sdk': 'breaks', 'typescript-sdk-0': 'breaks' }
  const measured = ['typescript-sdk: measured', 'typescript-sdk-0: measured']
  expect(who([], both)).toEqual([...measured, ...thought('go-sdk', 'java-sdk', 'ai-sdk')])
  expect(who(['go-sdk'], both)).toEqual([...measured, ...thought('go-sdk')])
  expect(who([], { ...both, 'typescript-sdk': 'recovers' })).toEqual(measured)
  // Its other line met nothing of it.
  expect(who(['typescript-sdk'], { 'typescript-sdk': 'breaks' })).toEqual(['typescript-sdk: measured'])
})
