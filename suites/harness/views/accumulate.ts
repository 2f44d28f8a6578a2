import { deltasByBlock } from '../../../schemas/values.ts'
import type { RequirementId } from '../../ids.ts'
import type { Exchange } from '../wire/exchange.ts'
import { isObject, parseJson, type JsonObject } from '../wire/json.ts'
import { asked, askedTools } from './asked.ts'
import { clip, type Refusal } from './finding.ts'
import { peek, stripped, type Void } from './holes.ts'
import type { StreamedEvent, Walked, WalkedBlock } from './walk.ts'

/** A Message as far as it came, what of it cannot be told, and what was found on the way. */
export interface Accumulated {
  readonly message: JsonObject
  readonly voids: readonly Void[]
  readonly found: readonly Refusal[]
}

/**
 * The Message that a stream adds up to, as official clients build it: text and thinking are joined, a signature is overwritten, tool
 * input is the JSON of all fragments, a compaction is what its delta says, usage of message_delta replaces that of message_start
 * where present. What was lost on the way is a void of the part it would have brought. Linear in the size of the stream.
 */
export function accumulate(walked: Walked, exchange: Exchange): Accumulated {
  const ending = endOf(walked.messageDeltas)
  const content = contentOf(walked, exchange, ending.fields.get('stop_reason'))
  const started = stripped(walked.start?.message ?? {})
  const usage = new Map([...entriesOf(started.value['usage']), ...ending.usage])
  const message = new Map<string, unknown>([
    ...Object.entries(started.value),
    ...ending.fields,
    ['content', content.blocks],
    ['usage', Object.fromEntries(usage)],
  ])
  const voids = [
    ...content.voids,
    ...ending.voids,
    ...started.voids.flatMap((lost) => stillLost(lost, ending)),
    ...lackedBy(walked.lacks),
  ]
  return { message: Object.fromEntries(message), voids, found: content.found }
}

/** What never came, and so cannot be told of the Message. */
function lackedBy({ start, delta, rest }: Walked['lacks']): readonly Void[] {
  const lost = (by: readonly RequirementId[], ...paths: string[]): Void[] =>
    by.length === 0 ? [] : paths.map((path) => ({ path, by }))
  return [
    ...lost(start, '/id', '/type', '/role', '/model', '/usage/input_tokens'),
    ...lost(rest, '/content', '/stop_reason', '/stop_sequence', '/usage/output_tokens'),
    ...lost(delta, '/stop_reason', '/stop_sequence', '/usage/output_tokens'),
  ]
}

/** The keys that the message_deltas leave behind: each overwrites what came before, so a null erases, but for a null in usage. */
interface Ending {
  readonly fields: ReadonlyMap<string, unknown>
  readonly usage: ReadonlyMap<string, unknown>
  readonly voids: readonly Void[]
}

function endOf(deltas: readonly StreamedEvent[]): Ending {
  const fields = new Map<string, unknown>()
  const usage = new Map<string, unknown>()
  const voids: Void[] = []
  for (const event of deltas) {
    const { value: data, voids: lost } = event.holed ? stripped(event.data) : { value: event.data, voids: [] }
    for (const [key, value] of entriesOf(data['delta'])) fields.set(key, value)
    for (const [key, value] of entriesOf(data['usage'])) if (value !== null) usage.set(key, value)
    for (const { path, by } of lost) voids.push(...partsOf(path).map((part) => ({ path: part, by })))
  }
  fields.delete('usage')
  return { fields, usage, voids }
}

/** The parts of a Message that a part of a message_delta says. */
function partsOf(path: string): readonly string[] {
  if (path === '/usage') return ['/usage/output_tokens']
  return path === '/delta' ? ['/stop_reason', '/stop_sequence'] : [path.replace(/^\/delta/, '')]
}

/** What message_start lost is lost still, unless blocks or a message_delta bring it anew. */
function stillLost({ path, by }: Void, { fields, usage }: Ending): readonly Void[] {
  const [, key = '', inner] = path.split('/')
  if (key === 'content' || fields.has(key) || (key === 'usage' && inner !== undefined && usage.has(inner))) return []
  return [{ path: path === '/usage' ? '/usage/input_tokens' : path, by }]
}

interface Content {
  readonly blocks: readonly unknown[]
  readonly voids: readonly Void[]
  readonly found: readonly Refusal[]
}

function contentOf(walked: Walked, exchange: Exchange, stopReason: unknown): Content {
  const begun = walked.startsFilled ? undefined : peek(walked.start?.message, 'content')
  const blocks: unknown[] = Array.isArray(begun) ? [...begun] : []
  const voids: Void[] = []
  const found: Refusal[] = []
  for (const block of walked.blocks) {
    const at = `/content/${blocks.length}`
    const start = stripped(block.start, at)
    voids.push(
      ...start.voids.filter(({ path }) => !isBrought(path.slice(at.length + 1), block)),
      ...unsureParts(block, start.value, at),
    )
    const finished = finish(block, start.value)
    blocks.push(finished.block)
    if (!finished.broken || mayBeCut(exchange, block, stopReason)) continue
    // Half of the fragments are no finding where somebody found already that they are half.
    if (block.unsure.length > 0 || walked.lacks.rest.length > 0) continue
    found.push(inputBroken(block, finished.broken))
    voids.push({ path: `${at}/input`, by: ['tools/input-json'] })
  }
  return { blocks, voids, found }
}

/** What cannot be told of a block whose deltas were lost or did not fit: all that its deltas bring. */
function unsureParts({ unsure }: WalkedBlock, start: JsonObject, at: string): readonly Void[] {
  if (unsure.length === 0) return []
  const by = [...unsure]
  if (Object.keys(start).length === 0) return [{ path: at, by }]
  const deltas = deltasByBlock.get(String(start['type'])) ?? []
  const parts = new Set(deltas.map((delta) => broughtBy.get(delta)))
  return [...parts].flatMap((part) => (part === undefined ? [] : [{ path: `${at}/${part}`, by }]))
}

/** The part of a block that a delta brings. */
const broughtBy: ReadonlyMap<string, string> = new Map([
  ['text_delta', 'text'],
  ['citations_delta', 'citations'],
  ['thinking_delta', 'thinking'],
  ['signature_delta', 'signature'],
  ['input_json_delta', 'input'],
  ['compaction_delta', 'content'],
])

/** Whether deltas bring a part of their block: a start has nothing of it, and where it is wrong about that nothing is lost. */
function isBrought(part: string, { deltas }: WalkedBlock): boolean {
  return deltas.some(({ data }) => {
    const delta = peek(data, 'delta')
    return isObject(delta) && broughtBy.get(String(peek(delta, 'type'))) === part
  })
}

/** A block as its deltas leave it; `broken`: the fragments of its input, where they are no JSON object. */
interface Finished {
  readonly block: JsonObject
  readonly broken?: string
}

function finish({ deltas }: WalkedBlock, start: JsonObject): Finished {
  const joined = { text: '', thinking: '', partial_json: '' }
  let signature: unknown
  const citations: unknown[] = []
  for (const { data, holed } of deltas) {
    const said = holed ? stripped(data).value['delta'] : data['delta']
    const delta = isObject(said) ? said : {}
    for (const key of ['text', 'thinking', 'partial_json'] as const)
      if (typeof delta[key] === 'string') joined[key] += delta[key]
    if (delta['type'] === 'signature_delta') signature = delta['signature']
    if (delta['type'] === 'citations_delta') citations.push(delta['citation'])
  }
  switch (start['type']) {
    case 'text':
      return {
        block: {
          ...start,
          text: String(start['text'] ?? '') + joined.text,
          ...(citations.length > 0 && { citations: [...listed(start['citations']), ...citations] }),
        },
      }
    case 'thinking':
      return {
        block: {
          ...start,
          thinking: String(start['thinking'] ?? '') + joined.thinking,
          ...(signature !== undefined && { signature }),
        },
      }
    case 'tool_use':
    case 'server_tool_use':
    case 'mcp_tool_use':
      return joined.partial_json === '' ? { block: start } : withInput(start, joined.partial_json)
    case 'compaction':
      return { block: { ...start, ...lastOf(deltas), type: 'compaction' } }
    default:
      return { block: start }
  }
}

/** What the last delta says, but for what is null. */
function lastOf(deltas: readonly StreamedEvent[]): JsonObject {
  const { delta } = stripped(deltas.at(-1)?.data ?? {}).value
  return Object.fromEntries(entriesOf(delta).filter(([, value]) => value !== null))
}

function withInput(start: JsonObject, text: string): Finished {
  const input = parseJson(text)
  return isObject(input) ? { block: { ...start, input } } : { block: { ...start, input: {} }, broken: text }
}

function inputBroken({ stoppedBy }: WalkedBlock, text: string): Refusal {
  const expected = 'partial_json fragments that join to one JSON object'
  return { by: 'tools/input-json', finding: { at: `event ${stoppedBy}`, expected, actual: clip(text) } }
}

/** Fragments may stop anywhere when max_tokens cut the answer, or when the tool asked for its input unchecked. */
function mayBeCut(exchange: Exchange, block: WalkedBlock, stopReason: unknown): boolean {
  const name = peek(block.start, 'name')
  const eager = askedTools(exchange).some((tool) => tool['name'] === name && tool['eager_input_streaming'] === true)
  const fineGrained = exchange.sent.headers.some(
    ([name, value]) => name.toLowerCase() === 'anthropic-beta' && value.includes('fine-grained-tool-streaming'),
  )
  return stopReason === 'max_tokens' || eager || fineGrained || asked(exchange).body['eager_input_streaming'] === true
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isObject(value) ? Object.entries(value) : []
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
