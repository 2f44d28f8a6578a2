import { expect, onTestFinished, test } from 'vitest'
import { upstreamKey } from '../../fixtures/gateways/reference/identity.ts'
import { serve } from '../../fixtures/gateways/serve.ts'
import { markOf } from '../harness/wire/mark.ts'
import { arrivalsPath, showingArrivals, type ArrivalsShown } from './arrivals-shown.ts'
import { upstreamElsewhere } from './upstream-elsewhere.ts'
import { upstreamSeen } from './upstream-seen.ts'

const token = 'token-of-one-run-1234'

function asked(headers: Readonly<Record<string, string>> = {}, body: object = {}, host = '127.0.0.1:4010'): Request {
  return new Request(`http://${host}${arrivalsPath}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, ...headers },
    body: JSON.stringify(body),
  })
}

function hello(mark = markOf(1), more: object = {}): Request {
  return new Request('http://127.0.0.1:4010/v1/chat/completions', {
    method: 'POST',
    headers: { authorization: `Bearer ${upstreamKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', messages: [{ role: 'user', content: `${mark} Say hello.` }], ...more }),
  })
}

/** An upstream that shows what arrives, by a clock of our own. */
function showing() {
  const clock = { now: 0 }
  const gateway = showingArrivals('chat-completions', upstreamSeen('chat-completions'), () => clock.now)
  const shown = async (request: Request): Promise<ArrivalsShown> => {
    const { status, body } = await gateway(request)
    expect(status).toBe(200)
    return (body as { readonly json: ArrivalsShown }).json
  }
  return { gateway, shown, clock }
}

test('one run is shown what arrived since it asked last, each once, and nothing from before it asked at all', async () => {
  const { gateway, shown } = showing()
  await gateway(hello())
  expect(await shown(asked())).toEqual({ dialect: 'chat-completions', arrivals: [], left: [] })
  await gateway(hello())
  const { arrivals } = await shown(asked())
  expect(arrivals.map(({ sent }) => sent.path)).toEqual(['/v1/chat/completions'])
  expect((await shown(asked())).arrivals).toEqual([])
})

test.for<[who: string, request: Request]>([
  ['a page in a browser', asked({ origin: 'http://evil.example' })],
  ['one that was led here under another name', asked({}, {}, 'rebound.example:4010')],
  ['one without a token', asked({ authorization: '' })],
  ['one whose token could be guessed', asked({ authorization: 'Bearer 1234' })],
  [
    'one that only looks',
    new Request(`http://127.0.0.1${arrivalsPath}`, { headers: { authorization: `Bearer ${token}` } }),
  ],
])('%s is shown nothing', async ([, request]) => {
  const { gateway } = showing()
  await gateway(hello())
  const { status, body } = await gateway(request)
  expect(status).toBe(403)
  expect(JSON.stringify(body)).not.toContain('Say hello.')
})

test('another run waits until the first is done, or has been silent for a minute', async () => {
  const { gateway, shown, clock } = showing()
  const other = { authorization: 'Bearer token-of-another-run' }
  await shown(asked())
  clock.now = 59_000
  expect((await gateway(asked(other))).status).toBe(409)
  clock.now = 61_000
  await shown(asked(other))
  expect((await gateway(asked())).status).toBe(409)
  await shown(asked(other, { done: true }))
  await shown(asked())
})

test('it is told to whom it is to speak otherwise', async () => {
  const { gateway, shown } = showing()
  await shown(asked({}, { speak: { mark: markOf(2), quirk: 'chat/no-done' } }))
  const said = async (request: Request): Promise<string> => JSON.stringify((await gateway(request)).body)
  expect(await said(hello(markOf(1), { stream: true }))).toContain('[DONE]')
  expect(await said(hello(markOf(2), { stream: true }))).not.toContain('[DONE]')
})

test('that a client left is seen, while it is asked and later', async () => {
  const { gateway, shown } = showing()
  const leaving = new AbortController()
  await shown(asked())
  await gateway(new Request(hello(), { signal: leaving.signal }))
  const { arrivals, left } = await shown(asked())
  const ids = arrivals.map(({ fixture }) => fixture)
  expect(ids).toHaveLength(1)
  expect(left).toEqual([])
  leaving.abort()
  expect((await shown(asked({}, { leaving: ids }))).left).toEqual(ids)
})

test('a run takes it up where it is served, sees all that, and lets the next one look', async () => {
  const server = await serve(showingArrivals('chat-completions', upstreamSeen('chat-completions')))
  onTestFinished(() => server.close())
  const { take, speak, done } = await upstreamElsewhere('chat-completions', `${server.url}/`)
  const say = async (mark: string): Promise<string> => {
    const body = await hello(mark, { stream: true }).text()
    const headers = { authorization: `Bearer ${upstreamKey}`, 'content-type': 'application/json' }
    return (await fetch(`${server.url}/v1/chat/completions`, { method: 'POST', headers, body })).text()
  }
  await speak(markOf(2), 'chat/no-done')
  expect(await say(markOf(1))).toContain('[DONE]')
  expect(await say(markOf(2))).not.toContain('[DONE]')
  const arrived = await take()
  expect(arrived.map(({ sent }) => sent.body?.includes(markOf(1)))).toEqual([true, false])
  expect(arrived.map(({ came }) => Buffer.from(came.body).toString().includes('[DONE]'))).toEqual([true, false])
  expect(arrived.map(({ leaving }) => leaving.isOver())).toEqual([false, false])
  expect(await take()).toEqual([])
  await expect(upstreamElsewhere('chat-completions', server.url)).rejects.toThrow(/^Another run is looking/)
  await done()
  await expect(upstreamElsewhere('messages', server.url)).rejects.toThrow(
    /speaks chat-completions, and the target says/,
  )
})

test('where nothing shows what arrives, a sentence says so', async () => {
  const bare = await serve(upstreamSeen('messages').gateway)
  onTestFinished(() => bare.close())
  for (const url of [bare.url, 'http://127.0.0.1:9'])
    await expect(upstreamElsewhere('messages', url)).rejects.toThrow(`Nothing at ${url} shows what arrives there`)
})
