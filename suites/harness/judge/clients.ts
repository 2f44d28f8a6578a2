/** The clients this format is spoken by, and why anybody would recognise their name. */
export const clients = {
  'typescript-sdk': 'the official TypeScript SDK (1.x): Bearer, anthropic-version 2026-10-21',
  'typescript-sdk-0': 'the official TypeScript SDK before 1.0: x-api-key, anthropic-version 2023-06-01',
  'python-sdk': 'the official Python SDK (2.x): Bearer, anthropic-version 2026-10-21',
  'python-sdk-1': 'the official Python SDK before 2.0: x-api-key, anthropic-version 2023-06-01',
  'go-sdk': 'the official Go SDK (2.x): Bearer, anthropic-version 2026-10-21',
  'java-sdk': 'the official Java SDK (3.x): Bearer, anthropic-version 2026-10-21',
  'ai-sdk': 'the AI SDK (@ai-sdk/anthropic): x-api-key, anthropic-version 2023-06-01, a base URL that ends in /v1',
  'claude-code': 'Claude Code, by its published gateway contract and what it sends',
  'raw-http': 'anybody who follows the documentation without an SDK',
} as const

export type Client = keyof typeof clients

/** What a client comes to where a requirement is broken, and how that is known. */
export type Claim = { readonly client: Client; readonly suffers: 'breaks' | 'recovers' } & (
  | { readonly source: 'measured'; readonly version: string; readonly date: string }
  | { readonly source: 'opinion' }
)
