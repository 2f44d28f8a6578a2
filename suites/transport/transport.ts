import { requirement } from '../harness/requirement.ts'
import { page, docs } from '../sources.ts'

/* The bytes of an answer. */

export const whole = requirement('transport/whole', {
  level: 'must',
  profile: 'minimum',
  title: 'the whole body of an answer arrives',
  because: 'A body that breaks off is an error in every client, or half an answer taken for a whole one.',
  breaks: ['typescript-sdk', 'typescript-sdk-0', 'python-sdk', 'claude-code', 'raw-http'],
  source: page(
    'https://www.rfc-editor.org/rfc/rfc9112#section-8',
    'A client that receives an incomplete response message [...] MUST record the message as incomplete.',
  ),
  vouches: 'text',
})

export const readable = requirement('transport/readable', {
  level: 'must',
  profile: 'minimum',
  title: 'the body is UTF-8 and compressed only as content-encoding says',
  because: 'Anything else is noise to every client.',
  breaks: ['typescript-sdk', 'typescript-sdk-0', 'python-sdk', 'claude-code', 'raw-http'],
  source: page(
    'https://www.rfc-editor.org/rfc/rfc8259#section-8.1',
    'JSON text exchanged between systems [...] MUST be encoded using UTF-8',
  ),
  vouches: 'text',
})

export const steady = requirement('transport/steady', {
  level: 'should',
  profile: 'minimum',
  title: 'a valid request is served at the first try',
  because: 'What fails now and then costs every client a retry, and mid-stream there is none.',
  breaks: [],
  source: docs('api/errors', "500 - api_error: An unexpected error has occurred internal to Anthropic's systems."),
  every: 'answer',
  where: (_, { retryOf, attempt }) => attempt === 1 || (retryOf !== undefined && retryOf !== 'unreached'),
  *check({ status }, { retryOf }) {
    if (retryOf !== undefined && status === 200) yield { at: 'first try', expected: '200', actual: retryOf }
  },
})
