import { describe, expect, test } from 'vitest'
import type { Answered, HeaderList } from './exchange.ts'
import { patience, waiting } from './patience.ts'

const limits = { idleTimeout: 60_000, totalTimeout: 300_000 }

describe('one exchange is given up', () => {
  test('without a byte, from its beginning and from its last sign of life', () => {
    const wait = waiting(limits, 1000)
    expect(wait.until()).toEqual({ at: 61_000, because: 'no byte for 60 s' })
    wait.stirs(2000)
    expect(wait.until().at).toBe(62_000)
    wait.answers(3000, 1)
    expect(wait.until().at).toBe(63_000)
    wait.hears(50_000, 'word')
    expect(wait.until().at).toBe(110_000)
  })

  test('when its whole time is over, whatever comes', () => {
    const wait = waiting(limits, 1000)
    wait.answers(2000, 1)
    for (let at = 3000; at < 300_000; at += 1000) wait.hears(at, 'word')
    expect(wait.until()).toEqual({ at: 301_000, because: 'no end in 300 s' })
  })

  test('when there was life and no word for twice as long', () => {
    const wait = waiting(limits, 0)
    wait.answers(0, 1)
    wait.hears(10_000, 'word')
    for (let at = 11_000; at < 129_000; at += 1000) wait.hears(at, 'nothing')
    expect(wait.until().at).toBe(130_000)
    wait.hears(129_500, 'word')
    expect(wait.until().at).toBe(189_500)
  })

  test('five seconds after its last word, and no ping puts that off; another word does', () => {
    const wait = waiting(limits, 0)
    wait.answers(0, 1)
    wait.hears(10_000, 'last-word')
    expect(wait.until().at).toBe(15_000)
    wait.hears(14_000, 'nothing')
    expect(wait.until().at).toBe(15_000)
    wait.hears(14_000, 'last-word')
    expect(wait.until().at).toBe(19_000)
  })

  test('sooner after its last word, where no byte is waited for so long', () => {
    const wait = waiting({ idleTimeout: 3000, totalTimeout: 15_000 }, 0)
    wait.answers(0, 1)
    wait.hears(1000, 'last-word')
    expect(wait.until().at).toBe(4000)
  })

  test('with a share of its time, once its head is there, but never less than a second', () => {
    const wait = waiting(limits, 0)
    expect(wait.until().at).toBe(60_000)
    wait.answers(50_000, 1 / 4)
    expect(wait.until().at).toBe(65_000)
    for (let at = 51_000; at < 125_000; at += 1000) wait.hears(at, 'word')
    expect(wait.until().at).toBe(125_000)
    const impatient = waiting(limits, 0)
    impatient.answers(0, 1 / 1024)
    impatient.hears(500, 'word')
    expect(impatient.until().at).toBe(1000)
    const short = waiting({ idleTimeout: 400, totalTimeout: 800 }, 0)
    short.answers(0, 1 / 1024)
    expect(short.until().at).toBe(400)
  })
})

const json: HeaderList = [['Content-Type', 'application/json; charset=utf-8']]
const stream: HeaderList = [['content-type', 'text/event-stream']]

function answer(headers: HeaderList, ends: Answered['ends']): Answered {
  return { kind: 'answer', status: 200, headers, body: new Uint8Array(), chunks: [], ends, endedAt: 0 }
}

describe('a run', () => {
  test('halves the share of a kind with each that was given up, and restores it with one that ends', () => {
    const patient = patience()
    patient.learn(answer(json, 'complete'), 1)
    for (const share of [1, 1 / 2, 1 / 4]) {
      expect(patient.share(stream)).toBe(share)
      patient.learn(answer(stream, 'hung'), share)
    }
    expect(patient.share(stream)).toBe(1 / 8)
    expect(patient.share(json)).toBe(1)
    patient.learn(answer(stream, 'complete'), 1 / 8)
    expect(patient.share(stream)).toBe(1)
  })

  test('halves it once for those that were given up together', () => {
    const patient = patience()
    patient.learn(answer(json, 'complete'), 1)
    for (let count = 0; count < 6; count++) patient.learn(answer(stream, 'hung'), 1)
    expect(patient.share(stream)).toBe(1 / 2)
  })

  test('knows no kinds before anything has ended', () => {
    const patient = patience()
    patient.learn(answer(json, 'hung'), 1)
    patient.learn(answer(json, 'hung'), 1 / 2)
    expect(patient.share(stream)).toBe(1 / 4)
    patient.learn(answer(stream, 'cut'), 1 / 4)
    expect([patient.share(stream), patient.share(json)]).toEqual([1, 1])
  })

  test('is not misled by the names of Object.prototype', () => {
    const patient = patience()
    expect(patient.share([['content-type', '__proto__']])).toBe(1)
    expect(patient.share([['content-type', 'constructor']])).toBe(1)
  })
})
