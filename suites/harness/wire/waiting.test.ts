import { describe, expect, test } from 'vitest'
import type { Answered, HeaderList } from './exchange.ts'
import { learntShares, overdue, waiting, type Limit } from './waiting.ts'

const limits = { idleTimeout: 60_000, totalTimeout: 300_000 }
const all = (): number => 1

describe('one exchange is given up', () => {
  test('without a byte, from its beginning and from its last sign of life', () => {
    const wait = waiting(limits, 1000)
    expect(wait.until()).toEqual({ at: 61_000, limit: 'byte' })
    wait.stirs(2000)
    expect(wait.until()).toEqual({ at: 62_000, limit: 'byte' })
    wait.answers(3000, all)
    expect(wait.until()).toEqual({ at: 63_000, limit: 'byte' })
    wait.hears(50_000, 'word')
    expect(wait.until()).toEqual({ at: 110_000, limit: 'byte' })
  })

  test('when its whole time is over, whatever comes', () => {
    const wait = waiting(limits, 1000)
    wait.answers(2000, all)
    for (let at = 3000; at < 300_000; at += 1000) wait.hears(at, 'word')
    expect(wait.until()).toEqual({ at: 301_000, limit: 'total' })
  })

  test('when there was life and no word for twice as long', () => {
    const wait = waiting(limits, 0)
    wait.answers(0, all)
    wait.hears(10_000, 'word')
    for (let at = 11_000; at < 129_000; at += 1000) wait.hears(at, 'nothing')
    expect(wait.until()).toEqual({ at: 130_000, limit: 'word' })
    wait.hears(129_500, 'word')
    expect(wait.until()).toEqual({ at: 189_500, limit: 'byte' })
  })

  test('five seconds after its last word, and no ping puts that off; another word does', () => {
    const wait = waiting(limits, 0)
    wait.answers(0, all)
    wait.hears(10_000, 'last-word')
    expect(wait.until()).toEqual({ at: 15_000, limit: 'end' })
    wait.hears(14_000, 'nothing')
    expect(wait.until()).toEqual({ at: 15_000, limit: 'end' })
    wait.hears(14_000, 'last-word')
    expect(wait.until()).toEqual({ at: 19_000, limit: 'end' })
  })

  test('sooner after its last word, where no byte is waited for so long', () => {
    const wait = waiting({ idleTimeout: 3000, totalTimeout: 15_000 }, 0)
    wait.answers(0, all)
    wait.hears(1000, 'last-word')
    expect(wait.until()).toEqual({ at: 4000, limit: 'end' })
  })

  test.each<[limit: Limit, at: number]>([
    ['byte', 65_000],
    ['word', 81_000],
    ['end', 52_250],
    ['total', 125_000],
  ])('with a share of its time for a %s, once its head is there', (shortened, at) => {
    const wait = waiting(limits, 0)
    wait.answers(50_000, (limit) => (limit === shortened ? 1 / 4 : 1))
    if (shortened === 'word')
      for (let at = 51_000; at < 81_000; at += 1000) wait.hears(at, at === 51_000 ? 'word' : 'nothing')
    if (shortened === 'end') wait.hears(51_000, 'last-word')
    if (shortened === 'total') for (let at = 51_000; at < 125_000; at += 1000) wait.hears(at, 'word')
    expect(wait.until()).toEqual({ at, limit: shortened })
  })

  test('never after less than half a second, nor less than it was given', () => {
    const wait = waiting(limits, 0)
    wait.answers(0, (limit) => (limit === 'byte' ? 1 / 1024 : 1))
    expect(wait.until()).toEqual({ at: 500, limit: 'byte' })
    const short = waiting({ idleTimeout: 400, totalTimeout: 800 }, 0)
    short.answers(0, () => 1 / 1024)
    expect(short.until()).toEqual({ at: 400, limit: 'byte' })
  })
})

test('one without an answer is said to have been silent, or endless', () => {
  expect(overdue('byte', limits)).toBe('no byte for 60 s')
  expect(overdue('total', limits)).toBe('no end in 300 s')
})

const json: HeaderList = [['Content-Type', 'application/json; charset=utf-8']]
const stream: HeaderList = [['content-type', 'text/event-stream']]

function answer(headers: HeaderList, ends: Answered['ends'] = 'complete', length = 1): Answered {
  return { kind: 'answer', status: 200, headers, body: new Uint8Array(length), chunks: [], ends, endedAt: 0 }
}

describe('a run', () => {
  test('halves the share of a kind with each that was given up, down to a sixteenth, and restores it with one that ends', () => {
    const shares = learntShares()
    shares.ended(answer(json))
    for (const share of [1, 1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 16]) {
      expect(shares.of(stream)('total')).toBe(share)
      shares.givenUp(answer(stream), 'total', share)
    }
    expect(shares.of(json)('total')).toBe(1)
    shares.ended(answer(stream))
    expect(shares.of(stream)('total')).toBe(1)
  })

  test('learns of each limit for itself: streams that stay open are waited for to speak as ever', () => {
    const shares = learntShares()
    shares.ended(answer(json))
    shares.givenUp(answer(stream), 'end', 1)
    expect((['byte', 'word', 'end', 'total'] as const).map((limit) => shares.of(stream)(limit))).toEqual([
      1,
      1,
      1 / 2,
      1,
    ])
  })

  test('halves it once for those that were given up together', () => {
    const shares = learntShares()
    shares.ended(answer(json))
    for (let count = 0; count < 6; count++) shares.givenUp(answer(stream), 'word', 1)
    expect(shares.of(stream)('word')).toBe(1 / 2)
  })

  test.each<[about: string, ended: Answered]>([
    ['without a body', answer(stream, 'complete', 0)],
    ['that we hung up on', answer(stream, 'hung-up')],
    ['that went on for too long', answer(stream, 'too-large')],
  ])('learns nothing from an answer %s', (_, ended) => {
    const shares = learntShares()
    shares.givenUp(answer(stream), 'total', 1)
    shares.ended(ended)
    expect([shares.of(stream)('total'), shares.of(json)('total')]).toEqual([1 / 2, 1 / 2])
  })

  test('gives what is under way what it was promised', () => {
    const shares = learntShares()
    const given = shares.of(stream)
    shares.givenUp(answer(stream), 'byte', 1)
    expect([given('byte'), shares.of(stream)('byte')]).toEqual([1, 1 / 2])
  })

  test('knows no kinds before anything has ended', () => {
    const shares = learntShares()
    shares.givenUp(answer(json), 'total', 1)
    shares.givenUp(answer(json), 'total', 1 / 2)
    expect(shares.of(stream)('total')).toBe(1 / 4)
    shares.ended(answer(stream))
    expect([shares.of(stream)('total'), shares.of(json)('total')]).toEqual([1, 1])
  })

  test('is not misled by what a gateway calls its answers', () => {
    const shares = learntShares()
    expect(shares.of([['content-type', '__proto__']])('byte')).toBe(1)
    expect(shares.of([['content-type', 'constructor']])('byte')).toBe(1)
    expect(shares.of([])('byte')).toBe(1)
  })
})
