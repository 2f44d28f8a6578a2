/** The clients this format is spoken by, and why anybody would recognise their name. */
export const clients = {
  'typescript-sdk': 'the official TypeScript SDK (1.x): Bearer, anthropic-version 2026-10-21',
  'typescript-sdk-0': 'the official TypeScript SDK before 1.0: x-api-key, anthropic-version 2023-06-01',
  'python-sdk': 'the official Python SDK: x-api-key, anthropic-version 2023-06-01',
  'claude-code': 'Claude Code, by its published gateway contract',
  'raw-http': 'anybody who follows the documentation without an SDK',
} as const

export type Client = keyof typeof clients
