import { describe, expect, test } from 'vitest'
import { leavingOf, type Arrival } from '../../../fixtures/gateways/upstreams/arrivals.ts'
import type { Sent } from '../wire/exchange.ts'
import { markOf } from '../wire/mark.ts'
import { claims } from './behind.ts'

const own = markOf(2)
const earlier = markOf(1)
const keys = { client: 'client-5r8t1y4u7i', upstream: 'upstream-3e6w9q2a5s' }

function sent(body: unknown, ...headers: Sent['headers']): Sent {
  return { method: 'POST', path: '/v1/messages', headers, body: JSON.stringify(body) }
}

function arrival(from: Sent): Arrival {
  const body = new Uint8Array(0)
  return {
    leaving: leavingOf(new AbortController().signal),
    sent: from,
    came: { kind: 'answer', status: 200, headers: [], body, chunks: [], ends: 'complete', endedAt: 0 },
  }
}

function claiming(...arrived: readonly Arrival[]): ReturnType<typeof claims> {
  let left: readonly Arrival[] = arrived
  const take = (): readonly Arrival[] => {
    const taken = left
    left = []
    return taken
  }
  return claims({ take, key: keys.upstream }, [keys.client])
}

test('an exchange gets what carries its own mark, and leaves the others to whose they are', async () => {
  const mine = sent({ messages: [`${earlier} first`, `${own} second`] })
  const other = sent({ messages: [`${earlier} first`] })
  const claimed = claiming(arrival(other), arrival(mine), arrival(sent({ messages: ['a health check'] })))
  expect((await claimed.of(mine)).map(({ sent: { body } }) => body)).toEqual([mine.body])
  expect(await claimed.of(mine)).toEqual([])
  expect((await claimed.of(other)).map(({ sent: { body } }) => body)).toEqual([other.body])
})

test('nothing is lost where several ask at once, and what they are shown is on its way', async () => {
  const [mine, other] = [sent({ messages: [own] }), sent({ messages: [earlier] })]
  const shown = [[], [arrival(mine), arrival(other)]]
  const take = async (): Promise<readonly Arrival[]> => {
    await Promise.resolve()
    return shown.shift() ?? []
  }
  const { of } = claims({ take, key: keys.upstream }, [keys.client])
  const both = await Promise.all([of(sent({ messages: ['nobody'] })), of(other)])
  expect(both.map(({ length }) => length)).toEqual([0, 1])
  expect(await of(mine)).toHaveLength(1)
})

test('one without a mark gets what says the same, whatever model it names', async () => {
  const mine = sent({ model: 'a', messages: [] })
  const claimed = claiming(arrival(sent({ messages: [], model: 'b' })), arrival(sent({ messages: [1] })))
  expect(await claimed.of(mine)).toHaveLength(1)
  expect(await claiming(arrival({ ...mine, body: null })).of({ ...mine, body: null })).toEqual([])
})

describe('it is told whose credentials arrived', () => {
  test.for<[what: string, headers: Sent['headers'], owners: readonly string[]]>([
    ['none', [], []],
    ["the upstream's", [['x-api-key', keys.upstream]], ['upstream']],
    ["the client's, wherever it stands", [['x-forwarded-key', `k=${keys.client}`]], ['client']],
    ["somebody else's", [['Authorization', 'Bearer sk-somebody-else']], ['other']],
    [
      'several',
      [
        ['authorization', `Bearer ${keys.client}`],
        ['x-api-key', keys.upstream],
      ],
      ['client', 'upstream'],
    ],
  ])('%s', async ([, headers, owners]) => {
    const mine = sent({ messages: [own] }, ...headers)
    const arrived = await claiming(arrival(mine)).of(mine)
    expect(arrived.map(({ credentials }) => credentials)).toEqual([owners])
  })

  test("a client that shows the upstream's own key shows nothing of its own", async () => {
    const mine = sent({ messages: [own] }, ['x-api-key', keys.upstream])
    const [arrived] = await claims({ take: () => [arrival(mine)], key: keys.upstream }, [keys.upstream]).of(mine)
    expect(arrived?.credentials).toEqual(['upstream'])
  })

  test("somebody else's is in no part of what is kept", async () => {
    const secret = 'sk-7q2w9e4r1t6y3u8i'
    const mine = {
      ...sent({ messages: [own], key: secret }, ['x-api-key', secret]),
      path: `/v1/messages?key=${secret}`,
    }
    expect(JSON.stringify(await claiming(arrival(mine)).of(mine))).not.toContain(secret)
  })
})

describe('where a client has left', () => {
  const mine = sent({ messages: [own] })
  const never = new Promise<void>(() => {})

  test('it is waited for until the upstream is let go, and that is told', async () => {
    const leaving = new AbortController()
    const claimed = claiming({ ...arrival(mine), leaving: leavingOf(leaving.signal) })
    const left = claimed.left(mine, () => never)
    leaving.abort()
    await left
    expect((await claimed.of(mine)).map(({ letGo }) => letGo)).toEqual([true])
  })

  test('nothing goes on waiting for it then', async () => {
    const leaving = new AbortController()
    leaving.abort()
    const claimed = claiming({ ...arrival(mine), leaving: leavingOf(leaving.signal) })
    let waiting: AbortSignal | undefined
    await claimed.left(mine, (signal) => {
      waiting = signal
      return never
    })
    expect(waiting?.aborted).toBe(true)
  })

  test('it is waited for no longer than patience lasts', async () => {
    const claimed = claiming(arrival(mine))
    await claimed.left(mine, () => Promise.resolve())
    expect((await claimed.of(mine)).map(({ letGo }) => letGo)).toEqual([undefined])
  })

  test('and not at all where nothing arrived', async () => {
    const claimed = claiming()
    await claimed.left(mine, () => never)
    expect(await claimed.of(mine)).toEqual([])
  })
})
