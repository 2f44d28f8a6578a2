import { expect, test } from 'vitest'
import { breaksWith, clients, type Client } from './clients.ts'

const breaking = (...breaks: Client[]): string[] =>
  (Object.keys(clients) as Client[]).filter((client) => breaksWith(client, breaks))

test('who is named breaks, and so does who reads like it', () => {
  expect(breaking('typescript-sdk', 'claude-code')).toEqual([
    'typescript-sdk',
    'typescript-sdk-0',
    'go-sdk',
    'java-sdk',
    'ai-sdk',
    'claude-code',
  ])
  expect(breaking('python-sdk')).toEqual(['python-sdk', 'python-sdk-1'])
  expect(breaking('raw-http')).toEqual(['raw-http'])
  expect(breaking()).toEqual([])
})

test('where those who are alike are told apart by name, who is not named does not', () => {
  expect(breaking('typescript-sdk', 'go-sdk')).toEqual(['typescript-sdk', 'go-sdk'])
  expect(breaking('typescript-sdk', 'python-sdk', 'python-sdk-1')).toEqual([
    'typescript-sdk',
    'python-sdk',
    'python-sdk-1',
  ])
})
