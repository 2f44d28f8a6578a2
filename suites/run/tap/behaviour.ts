import { createHash } from 'node:crypto'
import type { Behaviour } from '../../../schemas/types.ts'
import { asked } from '../../harness/views/asked.ts'
import { attempt } from '../../harness/views/holes.ts'
import { see } from '../../harness/views/views.ts'
import type { Exchange } from '../../harness/wire/exchange.ts'
import { objects, type JsonObject } from '../../harness/wire/json.ts'
import type { ClientOf } from './client-of.ts'

/** One request of a client and what became of it, in milliseconds of one clock. */
export interface Turn {
  readonly from: ClientOf
  readonly exchange: Exchange
  readonly began: number
  readonly ended: number
  /** What came instead of what was wanted; null where all was well. */
  readonly trouble: Trouble | null
}

export interface Trouble {
  /** `status 400`, `no answer`, `broken streaming/ends`. */
  readonly said: string
  /** No mere advice that was not kept, and not the client's own doing: whoever goes on from there takes it for a whole answer. */
  readonly isGrave: boolean
}

/** What a client did that shows what it suffered. */
export interface Did {
  readonly kind: Behaviour
  readonly exchange: string
  /** The exchange that it answers to, and what had come there instead of what was wanted, if anything. */
  readonly after: string
  readonly because: string
  /** The fields of the body that are other than they were there, and `anthropic-beta`. */
  readonly changed: readonly string[]
}

interface Asking {
  readonly fixture: string
  readonly point: Point
  readonly stream: boolean
  readonly fields: ReadonlyMap<string, string>
  readonly began: number
  readonly ended: number
  readonly trouble: Trouble | null
}

/** A place in a conversation: how many turns of the user there were, and the parts of the last of them, each as a hash. */
interface Point {
  readonly turns: number
  readonly last: readonly string[]
}

interface Session {
  readonly from: ClientOf
  /** The last requests, the newest last. */
  readonly asked: Asking[]
  /** The calls of turns that came with thinking, by id, and where they came. */
  readonly thought: Map<string, string>
}

/** So much is remembered of clients: what one does, it does soon after what made it. */
const mostSessions = 500
const mostAsked = 20
const mostThought = 200

export interface Watch {
  /** Takes the turns in the order of their ends: says of each what the client did there. */
  take(turn: Turn): readonly Did[]
  /** What clients left: the turns that ended in grave trouble, and after which their sessions asked for nothing more. */
  left(): readonly (readonly [from: ClientOf, did: Did])[]
}

/** Watches clients. */
export function watching(): Watch {
  const sessions = new Map<string, Session>()

  function sessionOf(from: ClientOf): Session {
    const who = `${from.client} ${from.session ?? ''}`
    const session = sessions.get(who) ?? { from, asked: [], thought: new Map<string, string>() }
    sessions.delete(who)
    sessions.set(who, session)
    keepLast(sessions, mostSessions)
    return session
  }

  return {
    take(turn) {
      const { exchange, trouble } = turn
      const { endpoint, stream, body } = asked(exchange)
      const messages = objects(body['messages'])
      if (endpoint !== 'messages' || messages.length === 0) return []
      const session = sessionOf(turn.from)
      const turns = messages.filter(({ role }) => role === 'user')
      const now: Asking = {
        fixture: exchange.fixture,
        point: pointOf(turns),
        stream,
        fields: fieldsOf(exchange),
        began: turn.began,
        ended: turn.ended,
        trouble,
      }
      const before = session.asked.filter(({ ended }) => ended <= turn.began)
      const did = [...again(now, before), ...wentOn(now, turns, before), ...lostThinking(exchange, messages, session)]
      session.asked.push(now)
      if (session.asked.length > mostAsked) session.asked.shift()
      for (const id of callsWithThinking(exchange)) session.thought.set(id, exchange.fixture)
      keepLast(session.thought, mostThought)
      return did
    },
    left: () =>
      [...sessions.values()].flatMap(({ from, asked: last }) =>
        last.flatMap(({ fixture, ended, trouble }): readonly (readonly [ClientOf, Did])[] =>
          trouble?.isGrave && last.every(({ began }) => began < ended)
            ? [[from, { kind: 'left', exchange: fixture, after: fixture, because: trouble.said, changed: [] }]]
            : [],
        ),
      ),
  }
}

/** The place in a conversation after these turns of the user. */
function pointOf(turns: readonly JsonObject[]): Point {
  const content = turns.at(-1)?.['content']
  const parts = Array.isArray(content) ? content : [{ type: 'text', text: content }]
  return {
    turns: turns.length,
    last: parts.slice(0, mostParts).map((part: unknown) => hash(JSON.stringify(part, asSaid))),
  }
}

/** What marks the cache is no part of what is said, and nor are blanks at the ends of a text. */
function asSaid(key: string, value: unknown): unknown {
  if (key === 'cache_control') return undefined
  return key === 'text' && typeof value === 'string' ? value.trim() : value
}

/** A turn with a hundred results is long. */
const mostParts = 200

/** The same place, though more may be said there now: told to go on where it was cut off, a model is asked again. */
function isAt({ turns, last }: Point, earlier: Point): boolean {
  return turns === earlier.turns && earlier.last.every((part, index) => part === last[index])
}

/** What a request asks for, field by field, each as a hash: enough to tell what is changed. */
function fieldsOf(exchange: Exchange): ReadonlyMap<string, string> {
  const fields = Object.entries(asked(exchange).body).slice(0, mostFields)
  const betas = exchange.sent.headers.filter(([name]) => name.toLowerCase() === beta).map(([, value]) => value)
  return new Map([...fields.map(([key, value]) => [key, hash(JSON.stringify(value))] as const), [beta, betas.join()]])
}

const beta = 'anthropic-beta'

/** There are some twenty. */
const mostFields = 40

function hash(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}

/** A request that had ended in trouble, asked once more. */
function again(now: Asking, before: readonly Asking[]): readonly Did[] {
  const first = before.findLast(({ point }) => isAt(now.point, point))
  if (!first || first.trouble === null) return []
  const isOther = (name: string): boolean => now.fields.get(name) !== first.fields.get(name)
  const changed = [...new Set([...first.fields.keys(), ...now.fields.keys()])].filter(isOther)
  const fellBack = first.stream && !now.stream
  return [
    {
      kind: fellBack ? 'fell-back' : 'repeated',
      exchange: now.fixture,
      after: first.fixture,
      because: first.trouble.said,
      changed: changed.filter((name) => !(fellBack && name === 'stream')),
    },
  ]
}

/** A conversation that goes on from an answer in trouble. */
function wentOn(now: Asking, turns: readonly JsonObject[], before: readonly Asking[]): readonly Did[] {
  const from = before.findLast(
    ({ point }) => point.turns < now.point.turns && isAt(pointOf(turns.slice(0, point.turns)), point),
  )
  if (!from?.trouble?.isGrave) return []
  return [{ kind: 'went-on', exchange: now.fixture, after: from.fixture, because: from.trouble.said, changed: [] }]
}

/** The last turn that is sent back has a call that came with thinking, and no thinking. */
function lostThinking(exchange: Exchange, messages: readonly JsonObject[], { thought }: Session): readonly Did[] {
  const content = objects(messages.findLast(({ role }) => role === 'assistant')?.['content'])
  if (content.some(isThinking)) return []
  const call = content.find(({ type, id }) => type === 'tool_use' && typeof id === 'string' && thought.has(id))
  const after = call && thought.get(String(call['id']))
  if (after === undefined) return []
  thought.delete(String(call?.['id']))
  return [{ kind: 'lost-thinking', exchange: exchange.fixture, after, because: '', changed: [] }]
}

function callsWithThinking(exchange: Exchange): readonly string[] {
  const message = see(exchange, 'message')
  if (message.is !== 'there') return []
  const ids = attempt(() => {
    const { content } = message.value
    if (!content.some(({ type }) => type === 'thinking' || type === 'redacted_thinking')) return []
    return content.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []))
  })
  return ids.ok ? ids.value : []
}

function isThinking({ type }: JsonObject): boolean {
  return type === 'thinking' || type === 'redacted_thinking'
}

/** Forgets the oldest. */
function keepLast(kept: Map<string, unknown>, most: number): void {
  for (const key of kept.keys()) {
    if (kept.size <= most) return
    kept.delete(key)
  }
}
