import type { Passage } from '../harness/views/passage.ts'

/** What all requirements about translating are: they are judged on passages to an upstream of Chat Completions. */
export const onTranslation = {
  profile: 'sdk',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code', 'raw-http'],
  every: 'passage',
  dialect: 'chat-completions',
} as const

/** Whether a request was handed on in Chat Completions. */
export function translated({ dialect }: Passage): boolean {
  return dialect === 'chat-completions'
}
