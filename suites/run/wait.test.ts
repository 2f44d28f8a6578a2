import { expect, test } from 'vitest'
import type { Came, Exchange, Outgoing, Transport } from '../harness/wire/exchange.ts'
import { comesUp, type Clock } from './wait.ts'

const going = new AbortController().signal
const nothing: Came = { kind: 'nothing', failure: 'refused', detail: '' }

function answered(status: number): Came {
  return { kind: 'answer', status, headers: [], body: new Uint8Array(), chunks: [], ends: 'complete', endedAt: 0 }
}

/** Time that passes only where somebody waits, and a gateway on which each look takes some of it. */
function gateway(look: (outgoing: Outgoing, at: number) => { came: Came; takes: number }) {
  let time = 0
  const looks: number[] = []
  const clock: Clock = {
    now: () => time,
    pause: async (milliseconds, signal) => {
      if (!signal.aborted) time += milliseconds
    },
  }
  const transport: Transport = async (outgoing) => {
    looks.push(time)
    const { came, takes } = look(outgoing, time)
    time += takes
    return came
  }
  return { clock, transport, looks, time: () => time }
}

const until = (milliseconds: number, one: ReturnType<typeof gateway>, signal = going) =>
  comesUp('http://gateway.test', { ...one, milliseconds, most: Infinity, record: () => {}, signal })

test('a gateway that answers has come up', async () => {
  const one = gateway(() => ({ came: answered(401), takes: 10 }))
  expect(await until(4000, one)).toBe(true)
  expect(one.looks).toEqual([0])
})

test.each([502, 503, 504, null])('one that says %s is looked at again, until it answers', async (status) => {
  const one = gateway((_, at) => ({
    came: at >= 1000 ? answered(404) : status === null ? nothing : answered(status),
    takes: 0,
  }))
  expect(await until(4000, one)).toBe(true)
  expect(one.looks).toEqual([0, 500, 1000])
})

test('time is what is waited for: looks that take long are fewer, and none outlasts it', async () => {
  const silent = gateway(({ idleTimeout, totalTimeout }) => ({
    came: nothing,
    takes: Math.min(idleTimeout, totalTimeout),
  }))
  expect(await until(4000, silent)).toBe(false)
  expect(silent.looks).toEqual([0, 2500])
  expect(silent.time()).toBe(4000)
  const quick = gateway(() => ({ came: nothing, takes: 0 }))
  expect(await until(1200, quick)).toBe(false)
  expect(quick.looks).toEqual([0, 500, 1000])
  expect(quick.time()).toBe(1200)
})

test('a wait of more than can be counted ends where the signal aborts', async () => {
  const deadline = new AbortController()
  const refused = gateway((_, at) => {
    if (at >= 3000) deadline.abort()
    return { came: nothing, takes: 0 }
  })
  expect(await until(1e23, refused, deadline.signal)).toBe(false)
  expect(refused.time()).toBe(3000)
})

test('nothing is looked at where there is no time, or no more of it', async () => {
  const one = gateway(() => ({ came: answered(200), takes: 0 }))
  expect(await until(0, one)).toBe(false)
  expect(await until(4000, one, AbortSignal.abort())).toBe(false)
  expect(one.looks).toEqual([])
})

test('each look is told as it came, and there are no more than may be', async () => {
  const told: Exchange[] = []
  const one = gateway(() => ({ came: answered(503), takes: 0 }))
  const record = (look: Exchange) => told.push(look)
  expect(await comesUp('http://gateway.test', { ...one, milliseconds: 9000, most: 3, record, signal: going })).toBe(
    false,
  )
  expect(one.looks).toHaveLength(3)
  expect(told).toMatchObject(
    [1, 2, 3].map((attempt) => ({
      fixture: 'wait',
      origin: 'waiting',
      attempt,
      sent: { method: 'GET', path: '/v1/models' },
      came: { status: 503 },
    })),
  )
})

test('where none may be taken, nothing is sent', async () => {
  const one = gateway(() => ({ came: answered(200), takes: 0 }))
  expect(
    await comesUp('http://gateway.test', { ...one, milliseconds: 9000, most: 0, record: () => {}, signal: going }),
  ).toBe(false)
  expect(one.looks).toEqual([])
})
