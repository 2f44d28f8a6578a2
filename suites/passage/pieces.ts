import { isObject, objects, type JsonObject } from '../harness/wire/json.ts'

/** Who says a thing of a request; what a tool came back with is said by nobody else. */
export type Voice = 'system' | 'user' | 'assistant' | 'tool'

/** A block of a request for a Message, where it stands, and who says it. */
export interface Piece {
  readonly at: string
  readonly voice: Voice
  readonly block: JsonObject
}

/** Every block of a request in its order, those inside of documents and results right behind what they are in. A text is one block. */
export function* piecesOf({ system, messages }: JsonObject): Iterable<Piece> {
  yield* inside(system, 'system', '/system')
  for (const [index, { role, content }] of objects(messages).entries()) {
    const voice = role === 'assistant' || role === 'system' ? role : 'user'
    yield* inside(content, voice, `/messages/${index}/content`)
  }
}

function* inside(content: unknown, voice: Voice, at: string): Iterable<Piece> {
  if (typeof content === 'string') yield { at, voice, block: { type: 'text', text: content } }
  for (const [index, block] of objects(content).entries()) {
    const here = `${at}/${index}`
    yield { at: here, voice, block }
    if (block['type'] === 'tool_result') yield* inside(block['content'], 'tool', `${here}/content`)
    if (block['type'] === 'document') yield* inDocument(block['source'], voice, `${here}/source`)
    if (block['type'] === 'search_result') yield* inside(block['content'], voice, `${here}/content`)
  }
}

function* inDocument(source: unknown, voice: Voice, at: string): Iterable<Piece> {
  const { type, data, content } = isObject(source) ? source : {}
  if (type === 'text') yield { at, voice, block: { type: 'text', text: data } }
  if (type === 'content') yield* inside(content, voice, `${at}/content`)
}

/** The pieces of one type. */
export function ofType(type: string, request: JsonObject): readonly Piece[] {
  return [...piecesOf(request)].filter(({ block }) => block['type'] === type)
}

/** The texts that say anything. */
export function textsIn(request: JsonObject): readonly (Piece & { readonly text: string })[] {
  return ofType('text', request).flatMap((piece) => {
    const { text } = piece.block
    return typeof text === 'string' && text.trim() !== '' ? [{ ...piece, text: text.trim() }] : []
  })
}
