import { unmet, unsaid } from '../harness/views/canaries.ts'
import { control } from '../control.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { each, otherStatus, wrongStatus } from '../harness/views/placed.ts'
import { refusal, unserved } from '../harness/views/served.ts'
import { see } from '../harness/views/views.ts'
import { claudeCode, measured } from '../sources.ts'
import { show, type Finding } from '../harness/views/finding.ts'
import type { Exchange } from '../harness/wire/exchange.ts'

/* What Claude Code sends today, and what its published gateway contract asks for. */

export const session = requirement('clients/session-served', {
  level: 'must',
  profile: 'claude-code',
  title: 'a request of the size of a real session is served',
  because: 'It is what every session sends: attribution, instructions, a dozen tools, beta headers, a query.',
  breaks: ['claude-code'],
  source: claudeCode(
    'llm-gateway-protocol',
    'sends it the beta headers and request body fields it sends to api.anthropic.com',
  ),
  after: ['auth/version-2023-06-01'],
  reads: {
    'clients/session:stream': 'answer',
    'clients/session-told:stream': 'answer',
    'clients/prose:stream': 'answer',
    'clients/small-model': 'answer',
  },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const sessionTold = requirement('clients/session-told', {
  ...control,
  profile: 'claude-code',
  title: 'the model says the word that the last turn of a session tells it',
  reads: { 'clients/session-told:stream': 'message' },
  *check(messages, exchanges) {
    yield* unmet(messages, exchanges)
  },
})

export const sessionRead = requirement('clients/session-read', {
  level: 'must',
  profile: 'claude-code',
  title: 'what an early tool_result of a session says reaches the model',
  because: 'A gateway that shortens history makes the agent read every file again.',
  breaks: ['claude-code'],
  source: claudeCode(
    'llm-gateway-rollout',
    'pass anthropic-beta, anthropic-version, and the request body through in both directions',
  ),
  after: ['clients/session-told'],
  reads: { 'clients/session:stream': 'message' },
  *check(messages, exchanges) {
    yield* unsaid(messages, exchanges)
  },
})

export const sourceCode = requirement('clients/source-code-served', {
  level: 'must',
  profile: 'claude-code',
  title: 'source code, XML tags, SQL, file paths and shell lines are served like any other words',
  because:
    'A firewall in front that inspects request bodies takes every real session for an attack, while short tests pass.',
  breaks: ['claude-code'],
  source: claudeCode(
    'llm-gateway-rollout',
    'Claude Code prompts carry source code and XML-style tags that match cross-site-scripting body rules',
  ),
  reads: { 'clients/prose:stream': 'message', 'clients/source-code:stream': 'answer' },
  *check({ 'clients/source-code:stream': { status } }, exchanges) {
    const exchange = exchanges['clients/source-code:stream']
    const refused = refusal(exchange)
    const finding = refused ?? withoutMessage(exchange)
    if (finding) {
      // A hole where the same session in prose was not served either: then it is not the words that were refused.
      const { fixture: control } = exchanges['clients/prose:stream']
      // An error of the server, or within a stream, may have another cause than what a firewall read.
      const isError = refused !== null && (status === 200 || (status >= 500 && status !== 501))
      const cause = isError ? '' : `, where ${control} was served: request-body inspection`
      yield { ...finding, actual: `${finding.actual}${cause}`, fixture: 'clients/source-code:stream' }
    }
  },
})

/** A firewall may answer 200 as well: with the page of a challenge, with JSON of its own, with nothing. */
function withoutMessage(exchange: Exchange): Finding | null {
  const { is } = see(exchange, 'message')
  return is === 'refused' ? { at: 'body', expected: 'a Message', actual: '200 without a Message' } : null
}

export const contextManagement = requirement('clients/context-management', {
  level: 'must',
  profile: 'claude-code',
  title: 'a body field that goes with a beta header is served, or refused with 400',
  because: 'Header and field travel together; a gateway that forwards one of them gets every request refused.',
  breaks: [],
  source: claudeCode(
    'llm-gateway-protocol',
    'Capabilities that add body fields pair them with a beta header, and the pair travels together.',
  ),
  reads: { 'clients/context-management': 'answer' },
  *check(answers) {
    yield* otherStatus(answers, 200, 400)
  },
})

export const oneMillion = requirement('clients/one-million', {
  level: 'should',
  profile: 'claude-code',
  title: 'a request that asks for the longer window by its beta is served',
  because:
    'Where somebody picks a model with [1m], Claude Code strips the suffix and sends the beta context-1m-2025-08-07 instead.',
  breaks: ['claude-code'],
  source: measured(
    'claude-code',
    '2.1.332',
    '2026-11-25',
    'sends a model that was picked with [1m] without the suffix, and the beta context-1m-2025-08-07',
  ),
  reads: { 'clients/one-million': 'answer' },
  *check(answers) {
    yield* otherStatus(answers, 200)
  },
})

/**
 * What Claude Code takes for a prompt that is too long: the words of the official API, those of a cloud provider, and the token that may
 * stand for them. Source: https://code.claude.com/docs/en/errors
 */
const tooLong =
  /prompt is too long|input length and `max_tokens` exceed context limit|input is too long for requested model|capability_rejected: prompt_too_long/i

export const overflow = requirement('clients/overflow', {
  level: 'must',
  profile: 'claude-code',
  title: 'a prompt that is too long is refused with 400, in the words that clients look for',
  because: 'Claude Code compacts the conversation when it reads them, and gives up otherwise.',
  breaks: ['claude-code'],
  source: claudeCode(
    'llm-gateway-protocol',
    "The retry logic matches on the upstream's error wording, so forward error response bodies unmodified.",
  ),
  after: ['errors/plain-message', 'errors/nothing-leaked'],
  reads: { 'clients/overflow': 'answer' },
  // A window that takes it all has no words for it.
  unless: ({ 'clients/overflow': { status } }) => status === 200,
  *check(answers, exchanges) {
    yield* wrongStatus(answers, '400', (status) => status === 400 || status === 413)
    yield* each(answers, function* ({ status }, fixture) {
      const error = see(exchanges[fixture], 'error')
      if (status === 400 && error.is === 'there' && !tooLong.test(error.value.error.message))
        yield { at: '/error/message', expected: 'prompt is too long', actual: show(error.value.error.message) }
    })
  },
})
