import { randomUUID } from 'node:crypto'
import { upstreamKey } from '../../fixtures/gateways/reference/identity.ts'
import { pause, until } from '../../fixtures/gateways/timer.ts'
import type { Arrival, Leaving } from '../../fixtures/gateways/upstreams/arrivals.ts'
import type { Dialect, TapeLine } from '../../schemas/types.ts'
import { validateTapeLine } from '../../schemas/validators.js'
import type { Behind } from '../harness/gather/behind.ts'
import { fromLine } from '../harness/tape/tape.ts'
import { InputError } from '../harness/wire/input-error.ts'
import { isObject, parseJson, strings } from '../harness/wire/json.ts'
import { arrivalsPath, type ArrivalsAsked } from './arrivals-shown.ts'

/** An upstream of ours that runs elsewhere, and shows this run alone what arrives. */
export interface UpstreamElsewhere extends Required<Behind> {
  /** Lets another run look. */
  done(): Promise<void>
}

/** Milliseconds for one answer of it. */
const mostOfAnswer = 10_000

/** How often it is asked whether a client has left, and how many milliseconds apart. */
const looks = { times: 40, apart: 100 }

/**
 * Takes up an upstream that is served by `mock --arrivals`. Rejects with an InputError where nothing there shows what arrives, where
 * it speaks otherwise, or shows that to another run; and so does whatever is asked of it later.
 */
export async function upstreamElsewhere(dialect: Dialect, url: string): Promise<UpstreamElsewhere> {
  const token = randomUUID()
  let before: Promise<unknown> = Promise.resolve()
  // One after the other: what one is shown is with us before the next is told that there is nothing more.
  const ask = (asked: ArrivalsAsked): Promise<Shown> => {
    const own = before.then(async () => shownBy(await answerOf(url, token, asked), url))
    before = own.catch(() => null)
    return own
  }
  const leavingOf = (id: string, left: boolean): Leaving => {
    let isOver = left
    return {
      isOver: () => isOver,
      async over() {
        for (let times = 0; times < looks.times && !isOver; times++) {
          isOver = (await look({ leaving: [id] })).left.has(id)
          if (!isOver) await pause(looks.apart)
        }
        if (!isOver) await new Promise(() => {})
      },
    }
  }
  const pool: Arrival[] = []
  const look = async (asked: ArrivalsAsked): Promise<Shown> => {
    const shown = await ask(asked)
    pool.push(
      ...shown.arrivals.map(({ id, ...arrival }) => ({ ...arrival, leaving: leavingOf(id, shown.left.has(id)) })),
    )
    return shown
  }
  const first = await look({})
  if (first.dialect !== dialect)
    throw new InputError(`The upstream at ${url} speaks ${first.dialect}, and the target says ${dialect}.`)
  return {
    url,
    key: upstreamKey,
    async take() {
      await look({})
      return pool.splice(0)
    },
    speak: async (mark, quirk) => void (await look({ speak: { mark, quirk } })),
    done: async () => void (await ask({ done: true }).catch(() => null)),
  }
}

interface Shown {
  readonly dialect: unknown
  readonly arrivals: readonly (Pick<Arrival, 'sent' | 'came'> & { readonly id: string })[]
  readonly left: ReadonlySet<string>
}

async function answerOf(url: string, token: string, asked: ArrivalsAsked): Promise<string> {
  const at = url.replace(/\/+$/, '') + arrivalsPath
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const { signal, clear } = until(new AbortController().signal, mostOfAnswer)
  const asking = { method: 'POST', headers, body: JSON.stringify(asked), signal, redirect: 'error' } as const
  try {
    const answered = await fetch(at, asking).catch(() => null)
    if (answered?.status === 409)
      throw new InputError(`Another run is looking at the upstream at ${url}; wait for its end.`)
    if (answered?.status !== 200) throw showsNothing(url)
    return await answered.text().catch(() => '')
  } finally {
    clear()
  }
}

function shownBy(text: string, url: string): Shown {
  const parsed = parseJson(text)
  if (!isObject(parsed) || !Array.isArray(parsed['arrivals'])) throw showsNothing(url)
  const arrivals = (parsed['arrivals'] as readonly unknown[]).map((line) => {
    if (!validateTapeLine(line)) throw showsNothing(url)
    return arrivalOf(line, url)
  })
  return { dialect: parsed['dialect'], arrivals, left: new Set(strings(parsed['left'])) }
}

function arrivalOf(line: TapeLine, url: string): Shown['arrivals'][number] {
  const { fixture, sent, came } = line.kind === 'exchange' ? fromLine(line) : { fixture: '', sent: null, came: null }
  if (!sent || came?.kind !== 'answer') throw showsNothing(url)
  return { id: fixture, sent, came }
}

function showsNothing(url: string): InputError {
  return new InputError(
    `Nothing at ${url} shows what arrives there: serve the upstream by mock --arrivals, and name the address it prints.`,
  )
}
