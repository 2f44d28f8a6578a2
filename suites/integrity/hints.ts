import { asked } from '../harness/views/asked.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { each } from '../harness/views/placed.ts'
import { opinion } from '../sources.ts'
import { inputTotal } from '../usage/usage.ts'
import { show } from '../harness/views/finding.ts'

/* Hints about honesty, not format: computed from what was gathered anyway, shown, and outside the exit code. */

export const modelName = requirement('integrity/model-name', {
  level: 'should',
  profile: 'sdk',
  title: 'the answer names the model that was asked for, or a form of its name',
  because: 'Another family in the answer may be another model behind the name.',
  breaks: [],
  source: opinion(
    'Genuine answers name a dated form or an alias of the model in half of all cases, never another family.',
  ),
  hint: true,
  every: 'message',
  where: (_, exchange) => typeof asked(exchange).body['model'] === 'string',
  *check({ model }, exchange) {
    const wanted = String(asked(exchange).body['model'])
    if (family(model) !== family(wanted)) yield { at: '/model', expected: wanted, actual: show(model) }
  },
})

export const modelSame = requirement('integrity/model-same-in-both-modes', {
  level: 'should',
  profile: 'sdk',
  title: 'JSON and stream name the same model',
  because: 'Two names for one request are two ways to an upstream.',
  breaks: [],
  source: opinion('The same request is answered by the same model.'),
  hint: true,
  reads: { 'messages/hello': 'message', 'messages/hello:stream': 'message' },
  *check({ 'messages/hello': json, 'messages/hello:stream': stream }) {
    if (json.model !== stream.model)
      yield { fixture: 'messages/hello:stream', at: '/model', expected: json.model, actual: stream.model }
  },
})

export const inputSame = requirement('integrity/input-same-in-both-modes', {
  level: 'should',
  profile: 'sdk',
  title: 'JSON and stream count the same input for the same request',
  because: 'A mode that costs more than the other adds something to the prompt, or to the bill.',
  breaks: [],
  source: opinion('The same request has the same tokens.'),
  hint: true,
  reads: { 'messages/hello': 'message', 'messages/hello:stream': 'message' },
  *check({ 'messages/hello': json, 'messages/hello:stream': stream }) {
    const [one, other] = [inputTotal(json.usage), inputTotal(stream.usage)]
    if (Math.abs(one - other) > Math.max(3, one * 0.05))
      yield {
        fixture: 'messages/hello:stream',
        at: '/usage/input_tokens',
        expected: `about ${one}`,
        actual: String(other),
      }
  },
})

export const inputPlausible = requirement('integrity/input-plausible', {
  level: 'should',
  profile: 'sdk',
  title: 'a prompt of some ten words is not counted as hundreds of tokens',
  because: 'What is counted beyond the prompt was added to it, or made up.',
  breaks: [],
  source: opinion('The official API counts less than thirty tokens for it.'),
  hint: true,
  reads: { 'messages/hello': 'message' },
  *check(messages) {
    yield* each(messages, function* ({ usage }) {
      const total = inputTotal(usage)
      if (total > 200) yield { at: '/usage/input_tokens', expected: 'less than 200', actual: String(total) }
    })
  },
})

/** The first words of a model name, which tell one family from another, whatever a router puts before it: `ant,`, `anthropic/`, `us.anthropic.`. */
function family(model: string): string {
  const name = model
    .toLowerCase()
    .replace(/^.*[/,]/, '')
    .replace(/^(?:us|eu|apac|global)\./, '')
    .replace(/^anthropic[.-]/, '')
  return name.split(/[-_.:@ \d]/, 1)[0] ?? name
}
