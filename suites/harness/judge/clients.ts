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

/**
 * Who reads an answer as another client does. Of the older lines that was measured, but for one claim in ten; the others were recorded
 * sending, and are taken to read as the SDK they are built like.
 */
const readsLike: ReadonlyMap<Client, Client> = new Map([
  ['typescript-sdk-0', 'typescript-sdk'],
  ['python-sdk-1', 'python-sdk'],
  ['go-sdk', 'typescript-sdk'],
  ['java-sdk', 'typescript-sdk'],
  ['ai-sdk', 'typescript-sdk'],
])

/** Whether a client breaks where these do: it is one of them, or reads like one, unless who is like it is told apart by name. */
export function breaksWith(client: Client, breaks: readonly Client[]): boolean {
  const like = readsLike.get(client)
  if (breaks.includes(client) || like === undefined) return breaks.includes(client)
  return breaks.includes(like) && !breaks.some((other) => readsLike.has(other))
}
