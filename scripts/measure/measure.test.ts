import { expect, test } from 'vitest'
import { alterMessage, alterWire } from '../../fixtures/gateways/alter.ts'
import { calls } from './calls.ts'
import { measure, type ByGroup, type Differing } from './measure.ts'
import { lines, makeCall, type Line } from './typescript.ts'

const few = calls().filter(({ name }) => ['messages/hello', 'messages/hello:stream', 'tokens/hello'].includes(name))

const gateways: readonly Differing[] = [
  { id: 'never-fires', over: alterMessage((message) => message) },
  { id: 'no-content', over: alterMessage((message) => ({ ...message, content: [] })) },
  {
    id: 'other-usage',
    over: alterMessage((message) => ({ ...message, usage: { ...message.usage, input_tokens: 1 } })),
  },
  { id: 'never-ends', over: alterWire({ staysOpen: true }, (answer) => 'events' in answer.body) },
]

async function found(line: Line): Promise<Record<string, ByGroup>> {
  const all: Record<string, ByGroup> = {}
  const caller = (call: (typeof few)[number], gateway: Parameters<typeof makeCall>[2]) => makeCall(line, call, gateway)
  for await (const [id, byGroup] of measure(caller, few, gateways)) all[id] = byGroup
  return all
}

test.for(Object.keys(lines) as Line[])('what %s comes to, twice the same', async (line) => {
  const once = await found(line)
  expect(once).toEqual({
    'never-fires': {},
    'no-content': { create: 'silently-other', stream: 'silently-other', raw: 'silently-other' },
    'other-usage': { create: 'bookkeeping', stream: 'bookkeeping', raw: 'same' },
    'never-ends': { stream: 'hangs', raw: 'hangs' },
  })
  expect(JSON.stringify(await found(line))).toBe(JSON.stringify(once))
})
