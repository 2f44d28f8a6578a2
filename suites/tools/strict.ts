import { requirement } from '../harness/judge/requirement.ts'
import { askedTools } from '../harness/views/asked.ts'
import { failed } from '../harness/views/placed.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { docs, httpError } from '../sources.ts'
import { calls, saysCutShort } from './calls.ts'
import { violations } from './violations.ts'

/* Tools that are strict: nobody checks their arguments again. */

export const served = requirement('tools/strict-served', {
  level: 'must',
  profile: 'full',
  title: 'a tool that is strict is served, or refused with a 4xx',
  because: 'Which models take it depends on their generation; a 5xx is tried again for nothing.',
  breaks: [],
  source: httpError(400),
  reads: { 'tools/strict': 'answer', 'tools/strict:stream': 'answer' },
  *check(answers) {
    yield* failed(answers, 'an answer, or a 4xx')
  },
})

export const kept = requirement('tools/strict-kept', {
  level: 'must',
  profile: 'full',
  title:
    'a call of a strict tool holds to its schema: what is required, nothing that is forbidden, and each of its type',
  because: 'Who asks for strict does not check again; what does not fit breaks the code behind the tool.',
  breaks: ['raw-http'],
  source: docs(
    'agents-and-tools/tool-use/strict-tool-use',
    'the input field in the tool_use block strictly follows your input_schema, and the name is always valid',
  ),
  after: ['tools/name-declared'],
  least: 'tools/strict',
  every: 'message',
  where: (message, exchange) =>
    !saysCutShort(message) && calls(message).some(({ name }) => strictSchema(name, exchange) !== undefined),
  *check(message, exchange) {
    // Where nothing says how the answer ended, its rest may be missing: what is there has its type all the same.
    const isWhole = (): boolean => message.stop_reason === 'tool_use'
    for (const { name, input, index } of calls(message))
      yield* violations(strictSchema(name, exchange), input, `/content/${index}/input`, isWhole)
  },
})

/** The schema of a tool that a request declares strict. */
function strictSchema(name: string, exchange: Exchange): unknown {
  return askedTools(exchange).find((tool) => tool['name'] === name && tool['strict'] === true)?.['input_schema']
}
