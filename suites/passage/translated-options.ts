import { carried } from '../../fixtures/chat-completions/carried.ts'
import { validateChatRequest } from '../../schemas/validators.js'
import { requirement } from '../harness/judge/requirement.ts'
import { show } from '../harness/views/finding.ts'
import type { Passage } from '../harness/views/passage.ts'
import { shapeRefusals } from '../harness/views/shape.ts'
import { isObject, objects, own, type JsonObject } from '../harness/wire/json.ts'
import { docs, opinion, unchanged } from '../sources.ts'
import { chatTools } from './chat-request.ts'
import { changed, lost } from './lost.ts'
import { piecesOf } from './pieces.ts'
import { onTranslation, translated } from './translation.ts'

/* What was asked for beside the conversation, where Chat Completions is spoken behind the gateway: control is mapped or refused. */

export const requestShape = requirement('passage/chat-request-shape', {
  ...onTranslation,
  level: 'must',
  title: 'what arrives is a request of Chat Completions: every field of it that is known has its shape',
  because: 'An upstream that looks at it refuses it, and one that does not makes something else of it.',
  source: unchanged,
  where: translated,
  *check({ arrived }) {
    const errors = validateChatRequest(arrived) ? [] : validateChatRequest.errors
    for (const { finding } of shapeRefusals(errors, arrived, () => 'passage/chat-request-shape')) yield finding
  },
})

export const toolsKept = requirement('passage/chat-tools-kept', {
  ...onTranslation,
  level: 'must',
  title: 'every tool arrives as a function: its name, its description and its schema, keyword for keyword',
  because: 'A schema that lost a keyword lets the model write what the program behind the tool refuses.',
  source: unchanged,
  least: 'tools/single',
  where: (passage) => translated(passage) && ownTools(passage).length > 0,
  *check(passage) {
    const there = chatTools(passage.arrived)
    for (const { at, tool } of ownTools(passage)) {
      const declared = there.get(tool['name'])
      if (!declared) yield changed(at, tool['name'], undefined)
      else {
        if (tool['description'] !== undefined)
          yield* lost(tool['description'], declared['description'], `${at}/description`)
        // One that takes nothing may be declared without parameters.
        const takesNothing = declared['parameters'] === undefined && isEmptySchema(tool['input_schema'])
        if (!takesNothing) yield* lost(tool['input_schema'], declared['parameters'], `${at}/input_schema`)
      }
    }
  },
})

/** The tools of the client's own. Where none may be called they need not be sent. */
function ownTools({ sent, arrived }: Passage): readonly { readonly at: string; readonly tool: JsonObject }[] {
  const choice = sent['tool_choice']
  if (isObject(choice) && choice['type'] === 'none' && chatTools(arrived).size === 0) return []
  return objects(sent['tools']).flatMap((tool, index) =>
    (tool['type'] ?? 'custom') === 'custom' ? [{ at: `/tools/${index}`, tool }] : [],
  )
}

function isEmptySchema(schema: unknown): boolean {
  return isObject(schema) && Object.keys((schema['properties'] ?? {}) as object).length === 0
}

export const strictKept = requirement('passage/chat-strict-kept', {
  ...onTranslation,
  level: 'should',
  title: 'strict of a tool arrives',
  because: 'Without it the model may call the tool with arguments that its schema forbids.',
  source: opinion(
    'Both protocols have the field; what it promises is kept by the model behind it, not by the protocol.',
  ),
  least: 'passage/conversation',
  where: (passage) => translated(passage) && ownTools(passage).some(({ tool }) => tool['strict'] === true),
  *check(passage) {
    const there = chatTools(passage.arrived)
    for (const { at, tool } of ownTools(passage)) {
      const declared = there.get(tool['name'])
      if (tool['strict'] === true && declared && declared['strict'] !== true)
        yield changed(`${at}/strict`, true, declared['strict'])
    }
  },
})

export const choiceKept = requirement('passage/chat-choice-kept', {
  ...onTranslation,
  level: 'must',
  title: 'tool_choice arrives: any as required, tool as that function, none and auto as such',
  because: 'A program that forces a tool reads the call and nothing else.',
  source: docs(
    'agents-and-tools/tool-use/define-tools',
    'When working with the tool_choice parameter, there are four possible options',
  ),
  least: 'tools/choice-any',
  where: (passage) => translated(passage) && isObject(passage.sent['tool_choice']) && ownTools(passage).length > 0,
  *check({ sent, arrived }) {
    const choice = sent['tool_choice'] as JsonObject
    const there = arrived['tool_choice']
    const wanted = wordFor(choice)
    const isDefault = wanted === 'auto' && there === undefined
    const isIt = typeof wanted === 'string' ? there === wanted : nameIn(there) === choice['name']
    if (!isDefault && !isIt) yield { at: '/tool_choice', expected: show(wanted), actual: show(there) }
  },
})

function wordFor({ type, name }: JsonObject): unknown {
  if (type === 'tool') return { type: 'function', function: { name } }
  return type === 'any' ? 'required' : type
}

function nameIn(choice: unknown): unknown {
  const named = isObject(choice) ? choice['function'] : null
  return isObject(named) ? named['name'] : undefined
}

export const parallelKept = requirement('passage/chat-parallel-kept', {
  ...onTranslation,
  level: 'must',
  title: 'disable_parallel_tool_use arrives as parallel_tool_calls: false',
  because: 'Clients that run one tool at a time drop the other calls.',
  source: docs(
    'agents-and-tools/tool-use/parallel-tool-use',
    'setting disable_parallel_tool_use: true means Claude calls at most one tool per response',
  ),
  least: 'tools/one-at-a-time',
  where: (passage) => translated(passage) && callsOneAtATime(passage.sent) && ownTools(passage).length > 0,
  *check({ arrived }) {
    if (arrived['parallel_tool_calls'] !== false)
      yield changed('/tool_choice/disable_parallel_tool_use', true, arrived['parallel_tool_calls'])
  },
})

function callsOneAtATime({ tool_choice: choice }: JsonObject): boolean {
  return isObject(choice) && choice['disable_parallel_tool_use'] === true
}

export const limitKept = requirement('passage/chat-limit-kept', {
  ...onTranslation,
  level: 'must',
  title: 'max_tokens arrives as it was sent, as max_tokens or max_completion_tokens',
  because: 'It is what bounds the bill, and the room that an answer has.',
  source: docs(
    'api/messages/create',
    'This parameter only specifies the absolute maximum number of tokens to generate.',
  ),
  where: translated,
  *check({ sent, arrived }) {
    const there = arrived['max_completion_tokens'] ?? arrived['max_tokens']
    if (there !== sent['max_tokens']) yield changed('/max_tokens', sent['max_tokens'], there)
  },
})

export const stopsKept = requirement('passage/chat-stops-kept', {
  ...onTranslation,
  level: 'must',
  title: 'stop_sequences arrive as stop, each of them',
  because: 'What comes behind one is parsed as the next part.',
  source: docs('api/messages/create', 'Custom text sequences that will cause the model to stop generating.'),
  least: 'output/stop-sequence',
  where: (passage) => translated(passage) && listed(passage.sent['stop_sequences']).length > 0,
  *check({ sent, arrived }) {
    const there = listed(arrived['stop'])
    for (const [index, stop] of listed(sent['stop_sequences']).entries())
      if (!there.includes(stop)) yield changed(`/stop_sequences/${index}`, stop, undefined)
  },
})

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : typeof value === 'string' ? [value] : []
}

export const samplingKept = requirement('passage/chat-sampling-kept', {
  ...onTranslation,
  level: 'should',
  title: 'temperature and top_p arrive as they were sent',
  because: 'Who asked for 0 wants the same answer every time.',
  source: opinion('Newer models refuse what is unusual, so that a gateway may have to leave it out.'),
  least: 'passage/conversation',
  where: (passage) => translated(passage) && sampled.some((field) => passage.sent[field] !== undefined),
  *check({ sent, arrived }) {
    for (const field of sampled)
      if (sent[field] !== undefined && arrived[field] !== sent[field])
        yield changed(`/${field}`, sent[field], arrived[field])
  },
})

const sampled = ['temperature', 'top_p'] as const

export const formatKept = requirement('passage/chat-format-kept', {
  ...onTranslation,
  level: 'should',
  title: 'the schema of a structured answer arrives, as a response_format or in a tool that takes it',
  because: 'Prose is parsed as JSON otherwise.',
  source: opinion(
    'Whether the answer keeps to the schema is judged from the front; how the model is told is up to the gateway.',
  ),
  least: 'output/structured',
  where: (passage) => translated(passage) && schemaIn(passage.sent) !== null,
  *check({ sent, arrived }) {
    const schema = schemaIn(sent)
    const format = arrived['response_format']
    const named = isObject(format) && isObject(format['json_schema']) ? format['json_schema']['schema'] : undefined
    const inTools = [...chatTools(arrived).values()].some(
      ({ parameters }) => [...lost(schema, parameters, '')].length === 0,
    )
    // Where the upstream knows no schemas it is told in words.
    const inWords = isObject(format) && format['type'] === 'json_object'
    if (!inTools && !inWords) yield* lost(schema, named, '/output_config/format/schema')
  },
})

function schemaIn({ output_config: config, output_format }: JsonObject): JsonObject | null {
  const format = (isObject(config) ? config['format'] : null) ?? output_format
  return isObject(format) && isObject(format['schema']) ? format['schema'] : null
}

export const thinkingKept = requirement('passage/chat-thinking-kept', {
  ...onTranslation,
  level: 'should',
  title: 'thinking that was asked for is asked of the upstream, in whatever words it has',
  because: 'An answer without it is another answer, and effort is what is paid for.',
  source: opinion('Each vendor has words of its own for it: reasoning_effort, reasoning, thinking, enable_thinking.'),
  least: 'passage/options',
  where: (passage) => translated(passage) && thinks(passage.sent),
  *check({ sent, arrived }) {
    const there = ['reasoning_effort', 'reasoning', 'thinking', 'enable_thinking', 'chat_template_kwargs', 'extra_body']
    if (!there.some((field) => (arrived[field] ?? null) !== null))
      yield { at: '/thinking', expected: 'asked of the upstream', actual: `${show(sent['thinking'])} is nowhere` }
  },
})

/** Whether more is asked than the model may think as it likes. */
function thinks({ thinking, output_config: config }: JsonObject): boolean {
  if (!isObject(thinking)) return false
  return (
    thinking['type'] === 'enabled' || (thinking['type'] === 'adaptive' && isObject(config) && config['effort'] != null)
  )
}

export const beyondRefused = requirement('passage/chat-beyond-refused', {
  ...onTranslation,
  level: 'must',
  title:
    'what Chat Completions has no place for is refused, or arrives in a field of a vendor: it is not lost behind a 200',
  because: 'The client is told that all was well, and its tools, files and servers were never there.',
  source: unchanged,
  where: (passage) => translated(passage) && wasServed(passage),
  *check({ sent, arrived }) {
    const text = JSON.stringify(arrived)
    const tools = chatTools(arrived)
    for (const { at, what, name, words } of beyond(sent))
      if (!text.includes(words) && !(name !== undefined && tools.has(name)))
        yield { at, expected: `${what} arrives, or is refused`, actual: 'absent, and answered' }
  },
})

function wasServed({ behind: { came } }: Passage): boolean {
  return came.kind === 'answer' && came.status === 200
}

interface Beyond {
  readonly at: string
  readonly what: string
  /** The words of JSON by which it is known again; a tool of the server by its name too, where the gateway runs it itself. */
  readonly words: string
  readonly name?: unknown
}

const mostStops = 4

function* beyond(sent: JsonObject): Iterable<Beyond> {
  for (const field of Object.keys(sent))
    if (own(carried, field) === 'beyond' && sent[field] !== null)
      yield { at: `/${field}`, what: field, words: JSON.stringify(field) }
  for (const [index, { type, name }] of objects(sent['tools']).entries())
    if ((type ?? 'custom') !== 'custom')
      yield { at: `/tools/${index}`, what: `the tool ${String(type)}`, words: JSON.stringify(type), name }
  for (const { at, block } of piecesOf(sent)) {
    const url = isObject(block['source']) ? (block['source']['url'] ?? block['source']['file_id']) : null
    if (block['type'] === 'document' && typeof url === 'string') yield { at, what: 'the document', words: url }
  }
  for (const [index, stop] of listed(sent['stop_sequences']).entries())
    if (index >= mostStops)
      yield { at: `/stop_sequences/${index}`, what: 'the stop sequence', words: JSON.stringify(stop) }
}

export const hints = requirement('passage/chat-hints', {
  ...onTranslation,
  level: 'may',
  title: 'hints arrive too, where the upstream has words for them: metadata, service_tier, top_k',
  because: 'They change no answer, but who is billed, how soon it comes, and what can be told of it later.',
  source: opinion('A hint may be ignored, as long as the answer does not claim that it was followed.'),
  least: 'passage/options',
  where: (passage) => translated(passage) && hintsIn(passage.sent).length > 0,
  *check({ sent, arrived }) {
    for (const field of hintsIn(sent))
      if (arrived[field] === undefined && !(field === 'metadata' && userIn(arrived)))
        yield changed(`/${field}`, sent[field], undefined)
  },
})

function hintsIn(sent: JsonObject): readonly string[] {
  return Object.keys(sent).filter((field) => own(carried, field) === 'hint')
}

function userIn({ user, safety_identifier, prompt_cache_key }: JsonObject): boolean {
  return [user, safety_identifier, prompt_cache_key].some((id) => typeof id === 'string')
}
