import { styleText } from 'node:util'
import type { Report, TappedClient } from '../../schemas/types.ts'
import type { TappedLine, TappedVerdict } from '../../suites/run/tap/line.ts'
import { printable } from './printable.ts'
import type { Words } from './words/en.ts'

/* What a tap says: a line an exchange while it goes on, and what each client met in the end. */

/** One exchange as one line: who asked for what, what came, and what is to be said of it. */
export function tappedLine(line: TappedLine, words: Words): string {
  const { exchange, client, method, path, stream, status, took, unserved, did } = line
  const plain = [
    exchange.padEnd(7),
    client,
    `${method} ${path}${stream ? words.aside(words.tap.stream) : ''}`,
    String(status ?? words.tap.nothing),
    `${(took / 1000).toFixed(1)} s`,
  ]
  const notable = [
    ...(unserved ? [saidOf(words.tap.unserved[unserved.kind], unserved.said, words)] : []),
    ...did.map(
      ({ kind, after, because, changed }) =>
        `${words.tap.did(kind, changed)}${words.comma}${words.tap.after(after, because)}`,
    ),
  ]
  return [
    ...plain.map(printable),
    verdictIn(line.verdict, words),
    ...notable.map((text) => styleText('yellow', printable(text))),
  ].join('  ')
}

function verdictIn(verdict: TappedVerdict, words: Words): string {
  if (verdict.is === 'holds') return `✓ ${words.tap.holds(verdict.count)}`
  if (verdict.is === 'not-judged') return `· ${words.tap.notJudged[verdict.why]}`
  return styleText('red', `✗ ${verdict.ids.join(words.comma)}`)
}

function saidOf(what: string, said: string, words: Words): string {
  return said === '' ? what : `${what}${words.colon}${said}`
}

/** One thing that a client met or did, and where. */
export interface Met {
  readonly what: string
  readonly where: string
  readonly isBreach: boolean
}

/** What a client met and did: what was broken, each must first; what it asked in vain; and what it did about it. */
export function metBy({ breaks, unserved, did }: TappedClient, words: Words): readonly Met[] {
  const { tap } = words
  const broken = [...breaks.filter(({ level }) => level === 'must'), ...breaks.filter(({ level }) => level !== 'must')]
  return [
    ...broken.map(({ id, level, exchanges, first }) => ({
      what: `${level} ${id}`,
      where: tap.on(exchanges, first),
      isBreach: true,
    })),
    ...unserved.map(({ kind, status, said, exchanges, first }) => ({
      what: saidOf(`${tap.unserved[kind]}${status === undefined ? '' : words.aside(String(status))}`, said, words),
      where: tap.on(exchanges, first),
      isBreach: false,
    })),
    ...did.map(({ kind, because, changed, exchanges, first, after }) => ({
      what: tap.did(kind, changed),
      where: `${tap.on(exchanges, first)}${first === after ? words.aside(because) : `${words.comma}${tap.after(after, because)}`}`,
      isBreach: false,
    })),
  ]
}

/** A client by name: what it calls itself, and its application. */
export function nameOf({ client, app }: TappedClient, words: Words): string {
  return `${client}${app === undefined ? '' : words.aside(app)}`
}

/** The clients of a tap, each with what it met and did; empty where there are none. */
export function clientsTapped({ tapped = [] }: Report, words: Words): string {
  if (tapped.length === 0) return ''
  const lines = tapped.flatMap((client) => [
    `  ${words.tap.client(nameOf(client, words), client)}`,
    ...metBy(client, words).map(
      ({ what, where, isBreach }) => `    ${isBreach ? '✗' : '-'} ${what}${words.comma}${where}`,
    ),
  ])
  return [words.tap.clients, ...lines.map(printable)].join('\n')
}
