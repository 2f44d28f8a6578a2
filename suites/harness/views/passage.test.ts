import { describe, expect, test } from 'vitest'
import type { Answered, Arrived, Exchange, Sent } from '../wire/exchange.ts'
import { markOf } from '../wire/mark.ts'
import { see } from './views.ts'

const mark = markOf(3)

function sent(text: string, more: object = {}, path = '/v1/messages'): Sent {
  return {
    method: 'POST',
    path,
    headers: [],
    body: JSON.stringify({ messages: [{ role: 'user', content: text }], ...more }),
  }
}

function answered(status: number): Answered {
  return { kind: 'answer', status, headers: [], body: new Uint8Array(), chunks: [], ends: 'complete', endedAt: 0 }
}

function arrived(from: Sent, status = 200): Arrived {
  return { sent: from, came: answered(status), credentials: [] }
}

function passing(from: Sent, status: number, arrivals?: readonly Arrived[]): Exchange {
  const came = answered(status)
  return {
    fixture: 'a/b',
    origin: 'gathered',
    attempt: 1,
    needs: [],
    values: {},
    sent: from,
    came,
    ...(arrivals && { arrivals }),
  }
}

const hello = sent(`${mark} Hello`, { stream: true })

describe('a passage', () => {
  test('is read from what arrived: the last try is what was answered from, as an exchange of its own', () => {
    const first = arrived(hello, 529)
    const last = arrived(sent(`${mark} Hello`, { stream: true, model: 'other' }))
    const seen = see(passing(hello, 200, [first, last]), 'passage')
    if (seen.is !== 'there') throw new Error(seen.is)
    const { dialect, tries, behind, arrived: body } = seen.value
    expect(dialect).toBe('messages')
    expect(tries.map(({ came }) => came)).toEqual([first.came, last.came])
    expect(behind).toBe(tries[1])
    expect(body['model']).toBe('other')
  })

  test('speaks the dialect of where it arrived', () => {
    const seen = see(passing(hello, 200, [arrived({ ...hello, path: '/v1/chat/completions' })]), 'passage')
    expect(seen.is === 'there' && seen.value.dialect).toBe('chat-completions')
  })

  test('is no try that quotes the prompt to another model, but where nothing else came', () => {
    const quoting = arrived(sent(`Classify: "${mark} Hello"`))
    const both = see(passing(hello, 200, [quoting, arrived(hello)]), 'passage')
    expect(both.is === 'there' && both.value.tries).toHaveLength(1)
    const alone = see(passing(hello, 200, [quoting]), 'passage')
    expect(alone.is === 'there' && alone.value.tries).toHaveLength(1)
  })

  test('is no try that asks another endpoint, such as a count that a gateway makes for itself', () => {
    const count = arrived(sent(`${mark} Hello`, {}, '/v1/messages/count_tokens'))
    const moderation = arrived(sent(`${mark} Hello`, {}, '/v1/moderations'), 404)
    const seen = see(passing(hello, 200, [count, arrived(hello), moderation, count]), 'passage')
    if (seen.is !== 'there') throw new Error(seen.is)
    expect(seen.value.tries.map(({ sent: { path } }) => path)).toEqual(['/v1/messages'])
    const counted = see(passing(count.sent, 200, [count]), 'passage')
    expect(counted.is === 'there' && counted.value.behind.sent.path).toBe('/v1/messages/count_tokens')
  })

  test('is read from the try whose answer the client got, where several were answered', () => {
    const saying = (id: string): Answered => ({ ...answered(200), body: Buffer.from(JSON.stringify({ id })) })
    const [first, second] = ['msg_1', 'msg_2'].map((id) => ({ ...arrived(hello), came: saying(id) }))
    const exchange = { ...passing(hello, 200, [first!, second!]), came: saying('msg_1') }
    const seen = see(exchange, 'passage')
    if (seen.is !== 'there') throw new Error(seen.is)
    expect(seen.value.behind).toBe(seen.value.tries[0])
    expect(seen.value.tries).toHaveLength(2)
  })
})

describe('where nothing arrived', () => {
  test('a success is the finding of passage/arrives', () => {
    expect(see(passing(hello, 200, []), 'passage')).toMatchObject({
      is: 'refused',
      refusals: [{ by: 'passage/arrives', finding: { at: 'upstream' } }],
    })
  })

  test('so is one for which nothing but a count was asked', () => {
    const count = arrived(sent(`${mark} Hello`, {}, '/v1/messages/count_tokens'))
    expect(see(passing(hello, 200, [count]), 'passage')).toMatchObject({ is: 'refused' })
  })

  test.for<[what: string, exchange: Exchange]>([
    ['the gateway refused it by itself', passing(hello, 400, [])],
    ['it was a count', passing(sent(`${mark} Hello`, {}, '/v1/messages/count_tokens'), 200, [])],
    ['nobody could tell it from others', passing(sent('Hello'), 200, [])],
    ['it was no request for a Message', passing({ ...hello, path: '/v1/models', method: 'GET' }, 200, [])],
    ['nobody looked', passing(hello, 200)],
  ])('there is none to judge, since %s', ([, exchange]) => {
    expect(see(exchange, 'passage')).toEqual({ is: 'absent', why: 'nothing-of-its-kind' })
  })
})
