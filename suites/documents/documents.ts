import { asked } from '../harness/views/asked.ts'
import { unsaid } from '../harness/views/canaries.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { unserved } from '../harness/views/served.ts'
import { docs, stateless } from '../sources.ts'
import { isObject, objects, type JsonObject } from '../harness/wire/json.ts'
import { show } from '../harness/views/finding.ts'

/* Documents, and citations of them. */

const pdf = 'build-with-claude/pdf-support'
const citations = 'build-with-claude/citations'

export const offered = requirement('documents/offered', {
  level: 'must',
  profile: 'claude-code',
  title: 'a document is served, or refused politely',
  because: 'Claude Code sends files as documents.',
  breaks: ['claude-code'],
  source: docs(pdf, 'As a base64-encoded PDF in document content blocks'),
  gates: 'documents',
  byCanary: true,
  probe: ['documents/text', 'documents/text:stream'],
})

export const read = requirement('documents/read', {
  level: 'must',
  profile: 'claude-code',
  title: 'a document that is accepted reaches the model, in both modes',
  because: 'A document that is dropped behind a 200 is answered from imagination.',
  breaks: ['claude-code', 'raw-http'],
  source: docs(pdf, 'You can ask Claude about any text, pictures, charts, and tables in PDFs you provide.'),
  after: ['output/text-blocks-read'],
  reads: { 'documents/text': 'message', 'documents/text:stream': 'message' },
  *check(messages, exchanges) {
    yield* unsaid(messages, exchanges)
  },
})

export const kindsServed = requirement('documents/kinds-served', {
  level: 'must',
  profile: 'full',
  title: 'PDFs, documents of blocks and documents in a tool_result are served where text is',
  because: 'They are one content block to a client.',
  breaks: ['claude-code'],
  source: docs(
    citations,
    'Include documents in any of the supported formats: PDFs, plain text, or custom content documents.',
  ),
  after: ['documents/offered', 'documents/read'],
  reads: { 'documents/pdf': 'answer', 'documents/content': 'answer', 'documents/in-tool-result': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const kindsRead = requirement('documents/kinds-read', {
  level: 'must',
  profile: 'full',
  title: 'PDFs, documents of blocks and documents in a tool_result reach the model',
  because: 'A translator that knows only text drops the others without a word.',
  breaks: ['claude-code', 'raw-http'],
  source: docs(citations, 'chunks are provided to the model according to the content blocks provided'),
  after: ['documents/read'],
  reads: { 'documents/pdf': 'message', 'documents/content': 'message', 'documents/in-tool-result': 'message' },
  *check(messages, exchanges) {
    yield* unsaid(messages, exchanges)
  },
})

export const cited = requirement('documents/citations-offered', {
  level: 'must',
  profile: 'full',
  title: 'citations are given where they are enabled, in both modes, or refused politely',
  because: 'A reader that shows sources shows none.',
  breaks: [],
  source: docs(citations, 'Set citations.enabled=true on each of your documents.'),
  gates: 'citations',
  probe: ['documents/cited', 'documents/cited:stream'],
})

export const citationsExact = requirement('documents/citations-exact', {
  level: 'must',
  profile: 'full',
  title: 'cited_text is what stands at the cited place of the document',
  because: 'A client that marks the cited characters marks others.',
  breaks: ['raw-http'],
  source: docs(citations, 'citations are guaranteed to contain valid pointers to the provided documents'),
  capability: 'citations',
  least: 'documents/cited',
  every: 'message',
  where: ({ content }, exchange) =>
    content.some((block) => charLocations(block).length > 0) &&
    !content.some(isResult) &&
    plainDocuments(exchange) !== null,
  *check({ content }, exchange) {
    const documents = plainDocuments(exchange) ?? []
    for (const [index, block] of content.entries())
      for (const { document_index, start_char_index: start, end_char_index: end, cited_text } of charLocations(block)) {
        const at = `/content/${index}/citations`
        const document = documents[Number(document_index)]
        if (document === undefined) yield { at, expected: placesIn(documents), actual: show(document_index) }
        else if (document.slice(Number(start), Number(end)) !== cited_text && cited_text !== '')
          yield { at, expected: show(document.slice(Number(start), Number(end))), actual: show(cited_text) }
      }
  },
})

export const citationsTakenBack = requirement('documents/citations-taken-back', {
  level: 'must',
  profile: 'full',
  title: 'an answer with citations is accepted when it comes back verbatim, from either mode',
  because: 'A gateway that refuses its own citations ends every conversation about a document at its second turn.',
  breaks: [],
  source: stateless,
  after: ['documents/citations-offered'],
  reads: { 'documents/cited-replay': 'answer', 'documents/cited-replay:stream': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

function charLocations(block: unknown): readonly JsonObject[] {
  return isObject(block) ? objects(block['citations']).filter(({ type }) => type === 'char_location') : []
}

function placesIn(documents: readonly string[]): string {
  return documents.length === 0
    ? 'no place of a document, since there is none'
    : `a document_index below ${documents.length}`
}

/** The result of a tool, of whoever ran it: what it brings, such as a page that was fetched, is cited like a document of the request. */
function isResult({ type }: { readonly type?: unknown }): boolean {
  return typeof type === 'string' && type.endsWith('tool_result')
}

/** The plain text documents of a request that has no others, in order: only there a place can be checked. */
function plainDocuments(exchange: Exchange): readonly string[] | null {
  const blocks = objects(asked(exchange).body['messages']).flatMap(({ content }) => objects(content))
  if (blocks.some((block) => block['type'] === 'search_result' || isResult(block))) return null
  const sources = blocks.filter(({ type }) => type === 'document').map(({ source }) => (isObject(source) ? source : {}))
  const plain = sources.every(({ type, data }) => type === 'text' && typeof data === 'string')
  // Documents are counted in code points by the official API; where there are others than one unit long, the two differ.
  const texts = sources.map(({ data }) => String(data))
  return plain && texts.every((text) => !/[^\s\u0020-\u007e]/.test(text)) ? texts : null
}
