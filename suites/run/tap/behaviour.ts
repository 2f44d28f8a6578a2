import { createHash } from 'node:crypto'
import type { Behaviour } from '../../../schemas/types.ts'
import { asked } from '../../harness/views/asked.ts'
import { attempt } from '../../harness/views/holes.ts'
import { see } from '../../harness/views/views.ts'
import type { Exchange } from '../../harness/wire/exchange.ts'
import { objects, type JsonObject } from '../../harness/wire/json.ts'

/** One request of a client and what became of it, in milliseconds of one clock. */
export interface Turn {
  /** Whoever speaks: a client, and the session where it names one. */
  readonly who: string
  readonly exchange: Exchange
  readonly began: number
  readonly ended: number
  /** What came instead of what was wanted: `status 400`, `no answer`, `broken streaming/ends`; null where all was well. */
  readonly trouble: string | null
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
  readonly point: string
  readonly stream: boolean
  readonly fields: ReadonlyMap<string, string>
  readonly ended: number
  readonly trouble: string | null
}

interface Session {
  /** The last requests, the newest last. */
  readonly asked: Asking[]
  /** The calls of turns that came with thinking, by id, and where they came. */
  readonly thought: Map<string, string>
}

/** So much is remembered of clients: what one does, it does soon after what made it. */
const mostSessions = 500
const mostAsked = 20
const mostThought = 200

/** Watches clients, turn by turn in the order of their ends: says of each what the client did there. */
export function watching(): (turn: Turn) => readonly Did[] {
  const sessions = new Map<string, Session>()

  function sessionOf(who: string): Session {
    const session = sessions.get(who) ?? { asked: [], thought: new Map<string, string>() }
    sessions.delete(who)
    sessions.set(who, session)
    keepLast(sessions, mostSessions)
    return session
  }

  return (turn) => {
    const { exchange, trouble } = turn
    const { endpoint, stream, body } = asked(exchange)
    const messages = objects(body['messages'])
    if (endpoint !== 'messages' || messages.length === 0) return []
    const session = sessionOf(turn.who)
    const now: Asking = {
      fixture: exchange.fixture,
      point: pointOf(messages),
      stream,
      fields: fieldsOf(exchange),
      ended: turn.ended,
      trouble,
    }
    const did = [...again(now, turn.began, session), ...lostThinking(exchange, messages, session)]
    session.asked.push(now)
    if (session.asked.length > mostAsked) session.asked.shift()
    for (const id of callsWithThinking(exchange)) session.thought.set(id, exchange.fixture)
    keepLast(session.thought, mostThought)
    return did
  }
}

/** The place in a conversation that a request stands at: the same for one that is sent again, whatever else is changed in it. */
function pointOf(messages: readonly JsonObject[]): string {
  const users = messages.filter(({ role }) => role === 'user')
  const last = JSON.stringify(users.at(-1)?.['content'], (key, value: unknown) =>
    key === 'cache_control' ? undefined : value,
  )
  return hash(`${users.length} ${last}`)
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
function again(now: Asking, began: number, { asked: before }: Session): readonly Did[] {
  const first = before.findLast((one) => one.point === now.point && one.ended <= began)
  if (!first || first.trouble === null) return []
  const isOther = (name: string): boolean => now.fields.get(name) !== first.fields.get(name)
  const changed = [...new Set([...first.fields.keys(), ...now.fields.keys()])].filter(isOther)
  const fellBack = first.stream && !now.stream
  return [
    {
      kind: fellBack ? 'fell-back' : 'repeated',
      exchange: now.fixture,
      after: first.fixture,
      because: first.trouble,
      changed: changed.filter((name) => !(fellBack && name === 'stream')),
    },
  ]
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
