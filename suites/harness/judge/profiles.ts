import type { Capability, Profile } from '../../../schemas/types.ts'

/** What each rung of the ladder requires a gateway to offer; everything else it may politely decline. */
export const requiredBy: Readonly<Record<Profile, readonly Capability[]>> = {
  minimum: ['bearer'],
  sdk: ['bearer', 'streaming'],
  'claude-code': ['bearer', 'streaming', 'tools'],
  full: ['bearer', 'x-api-key', 'streaming', 'tools'],
}

/** The sentence each rung stands for. */
export const promiseOf: Readonly<Record<Profile, string>> = {
  minimum: 'a Bearer key and JSON in, a Message out',
  sdk: 'official SDKs work when only Base URL and key are replaced',
  'claude-code': 'Claude Code works',
  full: 'parity with the official API in every capability that is offered',
}
