import { accumulate } from './accumulate.ts'
import { asked } from './asked.ts'
import type { Exchange } from '../wire/exchange.ts'
import { parseJson, isObject, objects, type JsonObject } from '../wire/json.ts'
import type { RequirementId } from '../../ids.ts'
import { attempt } from './holes.ts'
import { see } from './views.ts'

/** Bytes of an answer above which its turn is not sent back: no model says so much to us, and each turn behind it would carry it on. */
const mostSentBack = 512 * 1024

/**
 * The content blocks of an answer as they came, whatever else of it is wrong: a turn is sent back verbatim, so a missing usage must
 * not keep the next turn from being sent. Null where there are none or far too many, and where it cannot be sent back.
 */
export function rawContent(exchange: Exchange): readonly JsonObject[] | null {
  const { came } = exchange
  if (came.kind === 'nothing' || came.body.length > mostSentBack || unsendable(exchange).length > 0) return null
  const content = objects(asked(exchange).stream ? streamed(exchange) : parsed(exchange))
  return content.length > 0 ? content : null
}

function streamed(exchange: Exchange): unknown {
  const events = see(exchange, 'events')
  if (events.is !== 'there') return parsed(exchange)
  return events.value.lacks.rest.length > 0 ? null : accumulate(events.value, exchange).message['content']
}

function parsed(exchange: Exchange): unknown {
  const text = see(exchange, 'text')
  if (text.is !== 'there') return null
  const body = parseJson(text.value)
  return isObject(body) ? body['content'] : null
}

/** Who found that a turn cannot be sent back: a part of it was lost, or it was mended into one that no client would send. */
export function unsendable(exchange: Exchange): readonly RequirementId[] {
  const message = see(exchange, 'message')
  if (message.is !== 'there') return []
  const told = attempt(() => JSON.stringify(message.value.content))
  if (!told.ok) return told.by
  const mended = message.found.flatMap(({ by }) => (menders.has(by) ? [by] : []))
  const isEmpty = message.value.content.some((block) => block.type === 'text' && 'text' in block && block.text === '')
  return isEmpty ? mended : []
}

/** Requirements whose breach is mended by putting blocks together otherwise than they came. */
const menders: ReadonlySet<RequirementId> = new Set<RequirementId>([
  'streaming/indexes',
  'streaming/one-block-at-a-time',
  'streaming/open-block',
  'streaming/message-delta',
  'streaming/delta-fits',
  'streaming/starts-empty',
])
