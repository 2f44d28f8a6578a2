import { requirement } from '../harness/judge/requirement.ts'
import { each, failed } from '../harness/views/placed.ts'
import type { Finding } from '../harness/views/finding.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { see } from '../harness/views/views.ts'
import { hasCall } from '../tools/calls.ts'
import { httpError } from '../sources.ts'
import { isWithheld, missed, proves } from '../harness/views/canaries.ts'

/* Half-converted requests of people who come from Chat Completions: honoured or refused, never answered as if nothing were missing. */

export const parts = requirement('clients/foreign-parts', {
  level: 'must',
  profile: 'sdk',
  title: 'content in the shape of another protocol is honoured, or refused with a 4xx: never dropped behind a 200',
  because: 'Whoever converts a program by hand finds out by a 400, or not at all.',
  breaks: ['raw-http'],
  source: httpError(400),
  after: ['vision/as-text', 'output/history-told'],
  reads: { 'clients/image-url': 'answer', 'clients/role-tool': 'answer' },
  unlessIn: (_, exchange) => {
    const message = see(exchange, 'message')
    return message.is === 'there' && !proves(message.value, exchange)
  },
  *check(answers, exchanges) {
    yield* failed(answers, '400, or the content read')
    yield* each(exchanges, dropped)
  },
})

export const tools = requirement('clients/foreign-tools', {
  level: 'must',
  profile: 'sdk',
  title: 'a tool in the shape of another protocol is honoured, or refused with a 4xx',
  because: 'A tool that is dropped without a word is a program that waits for a call.',
  breaks: ['raw-http'],
  source: httpError(400),
  after: ['tools/offered'],
  reads: { 'clients/function-tool': 'answer' },
  unlessIn: (_, exchange) => {
    const message = see(exchange, 'message')
    return message.is === 'there' && !hasCall(message.value) && isWithheld(message.value)
  },
  *check(answers, exchanges) {
    yield* failed(answers, '400, or the tool called')
    yield* each(exchanges, function* (exchange) {
      const message = see(exchange, 'message')
      if (message.is === 'there' && !hasCall(message.value))
        yield { at: '/content', expected: 'a tool_use block, or a 400', actual: 'an answer without the tool' }
    })
  },
})

export const options = requirement('clients/foreign-options', {
  level: 'must',
  profile: 'full',
  title: 'max_completion_tokens and stop never fail with 5xx',
  because: 'They are what is left over after a hasty conversion.',
  breaks: ['raw-http', 'typescript-sdk', 'python-sdk'],
  source: httpError(400),
  reads: { 'clients/foreign-options': 'answer' },
  *check(answers) {
    yield* failed(answers, '400, or 200')
  },
})

/** A 200 that does not say what only the dropped part knows. */
function* dropped(exchange: Exchange): Iterable<Finding> {
  const message = see(exchange, 'message')
  const word = message.is === 'there' ? missed(message.value, exchange) : null
  if (word !== null)
    yield { at: '/content', expected: `${word}, or a 400`, actual: 'an answer without it, in two tries' }
}
