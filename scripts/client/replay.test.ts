import { expect, test } from 'vitest'
import { defaultKey, defaultModel } from '../../fixtures/gateways/reference/identity.ts'
import { faultNamed, variantNamed } from '../named-gateways.ts'
import type { Asked } from './form.ts'
import { replaying, type Provoked } from './replay.ts'

const asked = (body: object): Asked => ({
  method: 'POST',
  path: '/v1/messages',
  headers: [
    ['x-api-key', defaultKey],
    ['anthropic-version', '2023-06-01'],
    ['content-type', 'application/json'],
  ],
  body: JSON.stringify({
    model: defaultModel,
    max_tokens: 50,
    messages: [{ role: 'user', content: 'Hello.' }],
    ...body,
  }),
})

test.for<[id: string, body: object, by: Partial<Provoked> | null]>([
  ['streaming/ends-early', {}, null],
  ['streaming/ends-early', { stream: true }, { broken: ['streaming/ends'], fails: true, stopped: null }],
  ['streaming/lost-delta', { stream: true }, { broken: [], fails: false, otherWords: true }],
  ['messages/stop-reason-invented', {}, { broken: ['messages/stop-reason-known'], stopped: null }],
  ['upstream/overloaded', {}, { broken: [], fails: true }],
  ['upstream/max-tokens', {}, { broken: [], fails: true, stopped: 'max_tokens', otherWords: true }],
  ['upstream/paused', { stream: true }, { broken: [], fails: true, stopped: 'pause_turn', otherWords: true }],
  ['tools/end-turn', {}, null],
])('%s to %j', async ([id, body, by]) => {
  const found = await (await replaying([asked(body)]))(faultNamed(id))
  if (by === null) expect(found).toBeNull()
  else expect(found).toMatchObject(by)
})

test.for<[id: string, by: Partial<Provoked>]>([
  ['extra-fields', { broken: [], fails: false, otherWords: false }],
  ['byte-by-byte', { broken: [], fails: false, otherWords: false }],
  ['two-text-blocks', { broken: [], fails: false, otherWords: false }],
  ['dumb-model', { broken: [], fails: false, stopped: null, otherWords: true }],
  ['refused-unbilled', { broken: [], fails: true, stopped: 'refusal' }],
])('the variant %s', async ([id, by]) => {
  expect(await (await replaying([asked({ stream: true })]))(variantNamed(id))).toMatchObject(by)
})

test('what the reference is seen to break itself is nobody else’s', async () => {
  const cut = faultNamed('messages/stop-reason-invented')
  const meets = await replaying([asked({})], () => cut.over(() => ({ status: 200, headers: [], body: { json: {} } })))
  expect(await meets(cut)).toBeNull()
})
