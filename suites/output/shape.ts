import { foreignStopReasons } from '../../schemas/values.ts'
import { control } from '../control.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { each } from '../harness/views/placed.ts'
import { docs, typescriptSdk } from '../sources.ts'
import { parseJson, isObject } from '../harness/wire/json.ts'
import { textOf } from '../harness/views/text.ts'
import { show } from '../harness/views/finding.ts'
import { asked } from '../harness/views/asked.ts'
import { unmet } from '../harness/views/canaries.ts'

/* What a request says of the shape of its answer: where to stop, and by which schema. */

export const stopOffered = requirement('output/stop-sequences-offered', {
  level: 'must',
  profile: 'sdk',
  title: 'stop_sequences are served, or refused politely',
  because: 'Parsers rely on them to bound an answer.',
  breaks: [],
  source: docs('api/messages/create', 'Custom text sequences that will cause the model to stop generating.'),
  gates: 'stop-sequences',
  byCanary: true,
  probe: ['output/stop-sequence', 'output/stop-sequence:stream'],
})

export const stopFree = requirement('output/stop-sequence-free', {
  ...control,
  profile: 'sdk',
  title: 'the model says what comes before a stop sequence, the sequence, and what comes behind it',
  reads: { 'output/stop-sequence-free': 'message' },
  *check(messages, exchanges) {
    yield* unmet(messages, exchanges)
  },
})

export const stopKept = requirement('output/stop-sequence-kept', {
  level: 'must',
  profile: 'sdk',
  title: 'an answer stops at a stop sequence: nothing from there on',
  because: 'What comes behind it is parsed as the next part.',
  breaks: ['raw-http'],
  source: docs('api/messages/create', 'Custom text sequences that will cause the model to stop generating.'),
  after: ['output/stop-sequence-free'],
  reads: { 'output/stop-sequence': 'message', 'output/stop-sequence:stream': 'message' },
  *check(messages, exchanges) {
    yield* each(messages, function* (message, fixture) {
      const text = textOf(message)
      const [stop = ''] = [asked(exchanges[fixture]).body['stop_sequences']].flat().map(String)
      const isCut = !text.includes(stop) && !text.includes(exchanges[fixture].values['behind'] ?? stop)
      if (!isCut) yield { at: '/content', expected: `nothing from ${stop} on`, actual: show(text) }
    })
  },
})

export const stopNamed = requirement('output/stop-sequence-named', {
  level: 'must',
  profile: 'full',
  title: 'an answer that stopped at a stop sequence says so: stop_reason stop_sequence, and which one',
  because: 'A parser that asked for several cannot tell which one it was, nor whether the answer simply ended.',
  breaks: ['raw-http'],
  source: docs(
    'api/messages/create',
    'If the model encounters one of the custom sequences, the response stop_reason value will be "stop_sequence" and the response stop_sequence value will contain the matched stop sequence.',
  ),
  beyond: { 'chat-completions': 'It says stop at a stop sequence and at the end of an answer alike.' },
  after: ['output/stop-sequence-kept'],
  reads: { 'output/stop-sequence': 'message', 'output/stop-sequence:stream': 'message' },
  *check(messages) {
    yield* each(messages, function* ({ stop_reason }) {
      // Words of another protocol have a requirement of their own.
      if (stop_reason !== 'stop_sequence' && !(foreignStopReasons as readonly string[]).includes(stop_reason))
        yield { at: '/stop_reason', expected: 'stop_sequence, since it stopped there', actual: show(stop_reason) }
    })
  },
})

export const structuredOffered = requirement('output/structured-offered', {
  level: 'must',
  profile: 'full',
  title: 'output_config.format is served, or refused politely',
  because: 'Structured output that is dropped without a word is prose where JSON is parsed.',
  breaks: [],
  source: docs(
    'build-with-claude/structured-outputs',
    'Include the output_config.format parameter in your API request with type: "json_schema" and your schema definition.',
  ),
  gates: 'structured-output',
  byCanary: true,
  probe: ['output/structured', 'output/structured:stream'],
})

export const structuredKept = requirement('output/structured-kept', {
  level: 'must',
  profile: 'full',
  title: 'every text block of a structured answer is JSON by the schema',
  because: 'messages.parse runs its parser on each text block, and raises on prose or fences.',
  breaks: [],
  source: typescriptSdk(
    'src/lib/parser.ts',
    'throw new AnthropicError(`Failed to parse structured output: ${error}`);',
  ),
  reads: { 'output/structured': 'message', 'output/structured:stream': 'message' },
  *check(messages, exchanges) {
    yield* each(messages, function* (message, fixture) {
      const word = exchanges[fixture].values['word']
      const expected = 'JSON with the codeword and a count'
      const texts = [...message.content.entries()].filter(([, { type }]) => type === 'text')
      if (texts.length === 0) yield { at: '/content', expected, actual: 'no text' }
      for (const [index, block] of texts) {
        const text = 'text' in block ? String(block.text) : ''
        const value = parseJson(text)
        const fits = isObject(value) && value['codeword'] === word && Number.isInteger(value['count'])
        if (!fits) yield { at: `/content/${index}/text`, expected, actual: show(text) }
      }
    })
  },
})
