import { requirement } from '../harness/judge/requirement.ts'
import { show } from '../harness/views/finding.ts'
import type { Passage } from '../harness/views/passage.ts'
import { isObject, objects, type JsonObject } from '../harness/wire/json.ts'
import { docs, opinion, unchanged } from '../sources.ts'
import { chatCalls, chatParts, chatTexts, textsCarriedBy, textsOf } from './chat-request.ts'
import { changed, lost } from './lost.ts'
import { ofType, textsIn, type Piece, type Voice } from './pieces.ts'
import { onTranslation, translated } from './translation.ts'

/* What was said, by whom and in which order, where Chat Completions is spoken behind the gateway. */

export const textArrives = requirement('passage/chat-text-arrives', {
  ...onTranslation,
  level: 'must',
  title: 'every text of a request arrives, whoever says it: prompts, turns, documents and what tools came back with',
  because: 'What the model never read it cannot know, and the answer does not say so.',
  source: unchanged,
  where: translated,
  *check({ sent, arrived }) {
    const there = chatTexts(arrived)
    for (const { at, text } of textsIn(sent))
      if (!there.some((one) => one.text.includes(text))) yield { at, expected: show(text), actual: 'absent' }
  },
})

/** Under whose name a text may arrive. What comes with a result may follow it in a message of the user. */
const mayBe: Readonly<Record<Voice, readonly Voice[]>> = {
  system: ['system'],
  user: ['user'],
  assistant: ['assistant'],
  tool: ['tool', 'user'],
}

export const voiceKept = requirement('passage/chat-voice-kept', {
  ...onTranslation,
  level: 'should',
  title: 'every text arrives under the role that said it: system, user, assistant or tool',
  because:
    'What the operator said has another weight than what a user said, and what the model said itself another than either.',
  source: unchanged,
  least: 'output/system-string',
  where: translated,
  *check({ sent, arrived }) {
    const there = chatTexts(arrived)
    for (const { at, text, voice } of textsIn(sent)) {
      const found = there.filter((one) => one.text.includes(text)).map((one) => one.voice)
      if (found.length > 0 && !found.some((one) => mayBe[voice].includes(one)))
        yield { at, expected: `${voice}: ${show(text)}`, actual: [...new Set(found)].join(', ') }
    }
  },
})

export const orderKept = requirement('passage/chat-order-kept', {
  ...onTranslation,
  level: 'should',
  title: 'the texts of a conversation arrive in their order',
  because: 'The model answers what comes last.',
  source: unchanged,
  least: 'output/history',
  where: (passage) => translated(passage) && spoken(passage).length > 1,
  *check(passage) {
    const there = chatTexts(passage.arrived)
    let from = 0
    for (const { at, text } of spoken(passage)) {
      const found = there.findIndex((one, index) => index >= from && one.text.includes(text))
      if (found >= 0) from = found
      else if (there.some((one) => one.text.includes(text)))
        yield { at, expected: `${show(text)} behind what was said before it`, actual: 'before it' }
    }
  },
})

/** What user and assistant said themselves. */
function spoken({ sent }: Passage): ReturnType<typeof textsIn> {
  return textsIn(sent).filter(({ voice }) => voice === 'user' || voice === 'assistant')
}

export const callsKept = requirement('passage/chat-calls-kept', {
  ...onTranslation,
  level: 'must',
  title: 'every tool call of the conversation arrives, in its order, with its name and its arguments',
  because: 'A model that does not see what it called calls it again.',
  source: unchanged,
  least: 'tools/result',
  where: (passage) => translated(passage) && ofType('tool_use', passage.sent).length > 0,
  *check({ sent, arrived }) {
    const there = chatCalls(arrived)
    for (const [index, { at, block }] of ofType('tool_use', sent).entries()) {
      const call = there[index]
      if (!call || call.name !== block['name']) yield changed(`${at}/name`, block['name'], call?.name)
      else yield* lost(block['input'], call.input, `${at}/input`)
    }
  },
})

export const resultsKept = requirement('passage/chat-results-kept', {
  ...onTranslation,
  level: 'must',
  title: 'every tool_result arrives as a tool message for its call, with its texts',
  because: 'A result of another call, or of none, answers a question that was not asked.',
  source: unchanged,
  least: 'tools/result',
  where: (passage) => translated(passage) && ofType('tool_result', passage.sent).length > 0,
  *check(passage) {
    for (const { piece, message } of resultsOf(passage)) {
      if (!message) yield { at: piece.at, expected: 'a tool message for its call', actual: 'none' }
      else {
        const said = textsCarriedBy(message).join('\n')
        // What is nowhere is the finding of another requirement.
        const there = chatTexts(passage.arrived).map((one) => one.text)
        for (const text of ownTexts(piece).filter((own) => there.some((one) => one.includes(own))))
          if (!said.includes(text)) yield { at: `${piece.at}/content`, expected: show(text), actual: show(said) }
      }
    }
  },
})

/** Each result, and the tool message that answers the same call. Ids may be others there, as long as they are the same on both. */
function resultsOf({
  sent,
  arrived,
}: Passage): readonly { readonly piece: Piece; readonly message: JsonObject | null }[] {
  const calls = chatCalls(arrived)
  const idThere = new Map(ofType('tool_use', sent).map(({ block }, index) => [block['id'], calls[index]?.id]))
  const messages = objects(arrived['messages']).filter(({ role }) => role === 'tool')
  return ofType('tool_result', sent).map((piece) => {
    const id = idThere.get(piece.block['tool_use_id'])
    return { piece, message: messages.find((message) => id !== undefined && message['tool_call_id'] === id) ?? null }
  })
}

/** The texts of a result itself: those of a document in it may follow in a message of their own. */
function ownTexts({ block }: Piece): readonly string[] {
  return textsOf(block)
    .map((text) => text.trim())
    .filter((text) => text !== '')
}

export const failureKept = requirement('passage/chat-result-error-kept', {
  ...onTranslation,
  level: 'should',
  title: 'that a tool failed is said, in whatever words: is_error has no field there',
  because: 'A failure that reads like a result is taken for one.',
  source: opinion('Chat Completions has no field for it, so that no documented sentence says how it is carried.'),
  least: 'tools/result-error',
  where: (passage) =>
    translated(passage) && resultsOf(passage).some(({ piece, message }) => isFailed(piece) && message),
  *check(passage) {
    for (const { piece, message } of resultsOf(passage))
      if (message && isFailed(piece) && saysNoMore(message, piece))
        yield { at: `${piece.at}/is_error`, expected: 'said somehow', actual: 'nothing beside the words of the result' }
  },
})

function isFailed({ block }: Piece): boolean {
  return block['is_error'] === true
}

/** Whether a message holds the words of a result, and nothing else; a field of a vendor says it too. */
function saysNoMore(message: JsonObject, piece: Piece): boolean {
  const words = (texts: readonly string[]): string => texts.join('').replaceAll(/\s+/g, '')
  const fields = Object.keys(message).filter((field) => !['role', 'tool_call_id', 'content', 'name'].includes(field))
  return fields.length === 0 && words(textsOf(message)) === words(ownTexts(piece))
}

export const picturesKept = requirement('passage/chat-pictures-kept', {
  ...onTranslation,
  level: 'must',
  title: 'every picture arrives as a picture, also one that a tool came back with',
  because: 'Bytes as text cost thousands of tokens and show nothing; a picture that is gone is not missed by anybody.',
  source: docs('build-with-claude/vision', "Claude's vision capabilities allow it to understand and analyze images"),
  least: 'vision/colour',
  where: (passage) => translated(passage) && ofType('image', passage.sent).length > 0,
  *check({ sent, arrived }) {
    const there = ['image_url', 'input_image']
      .flatMap((type) => chatParts(type, arrived))
      .map((part) => JSON.stringify(part))
    const asText = chatTexts(arrived)
    for (const { at, block } of ofType('image', sent)) {
      const bytes = bytesOf(block)
      if (bytes === null || there.some((part) => part.includes(bytes))) continue
      const isText = asText.some(({ text }) => text.includes(bytes))
      yield { at, expected: 'a picture', actual: isText ? 'its bytes as text' : 'absent' }
    }
  },
})

/** What a picture or a document is known again by: its base64, or its URL. */
function bytesOf({ source }: JsonObject): string | null {
  const held = isObject(source) ? (source['data'] ?? source['url']) : null
  return typeof held === 'string' ? held : null
}

export const documentsKept = requirement('passage/chat-documents-kept', {
  ...onTranslation,
  level: 'should',
  title: 'every PDF arrives as a file',
  because: 'A document that is gone is answered from imagination.',
  source: opinion(
    'A gateway may read a PDF itself and send what stands in it; whether that arrived only the answer shows.',
  ),
  least: 'documents/pdf',
  where: (passage) => translated(passage) && pdfsIn(passage.sent).length > 0,
  *check({ sent, arrived }) {
    const there = JSON.stringify([...chatParts('file', arrived), ...chatParts('input_file', arrived)])
    for (const piece of pdfsIn(sent))
      if (!there.includes(bytesOf(piece.block) ?? ''))
        yield { at: piece.at, expected: 'a file with its bytes', actual: 'absent' }
  },
})

function pdfsIn(sent: JsonObject): readonly Piece[] {
  return ofType('document', sent).filter(
    ({ block }) => isObject(block['source']) && block['source']['type'] === 'base64' && bytesOf(block) !== null,
  )
}
