import { unmet, unsaid } from '../harness/views/canaries.ts'
import { control } from '../control.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { inputTotal } from '../usage/usage.ts'
import { otherStatus, wrongStatus } from '../harness/views/placed.ts'
import { unserved } from '../harness/views/served.ts'
import { docs } from '../sources.ts'

/* Pictures are content blocks on the same endpoint: what is accepted is seen. */

const page = 'build-with-claude/vision'

export const offered = requirement('vision/offered', {
  level: 'must',
  profile: 'sdk',
  title: 'a picture is served, or refused politely',
  because: 'A client that gets a 500 tries again with the same picture, and again.',
  breaks: ['claude-code'],
  source: docs(page, 'provide images to Claude as image content blocks using one of three source types'),
  gates: 'vision',
  byCanary: true,
  probe: ['vision/colour', 'vision/colour:stream'],
})

export const told = requirement('vision/as-text', {
  ...control,
  profile: 'sdk',
  title: 'the model names a colour that it is told',
  reads: { 'vision/as-text': 'message' },
  *check(messages, exchanges) {
    yield* unmet(messages, exchanges)
  },
})

export const seen = requirement('vision/seen', {
  level: 'must',
  profile: 'sdk',
  title: 'a picture that is accepted reaches the model, in both modes',
  because: 'A picture that is dropped behind a 200 makes the model describe what it never saw.',
  breaks: ['claude-code', 'raw-http'],
  source: docs(page, "Claude's vision capabilities allow it to understand and analyze images"),
  after: ['vision/as-text'],
  reads: { 'vision/colour': 'message', 'vision/colour:stream': 'message' },
  *check(messages, exchanges) {
    yield* unsaid(messages, exchanges)
  },
})

export const formats = requirement('vision/formats-served', {
  level: 'must',
  profile: 'full',
  title: 'JPEG, GIF, WebP and several pictures at once are served',
  because: 'They are the documented formats; a client does not convert.',
  breaks: ['claude-code'],
  source: docs(page, 'Claude supports JPEG, PNG, GIF, and WebP images'),
  after: ['vision/offered', 'vision/seen'],
  reads: { 'vision/jpeg': 'answer', 'vision/gif': 'answer', 'vision/two': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const formatsSeen = requirement('vision/formats-seen', {
  level: 'must',
  profile: 'full',
  title: 'pictures of every format, and the second of two, reach the model',
  because: 'A translator that knows only one format drops the others without a word.',
  breaks: ['claude-code', 'raw-http'],
  source: docs(page, 'Claude supports JPEG, PNG, GIF, and WebP images'),
  after: ['vision/seen'],
  reads: { 'vision/jpeg': 'message', 'vision/gif': 'message', 'vision/two': 'message' },
  *check(messages, exchanges) {
    yield* unsaid(messages, exchanges)
  },
})

export const resultServed = requirement('vision/in-tool-result-served', {
  level: 'must',
  profile: 'claude-code',
  title: 'a picture inside a tool_result is served',
  because: 'Screenshots come that way.',
  breaks: ['claude-code'],
  source: docs(
    'agents-and-tools/tool-use/handle-tool-calls',
    'These content blocks can use the text, image, document, or search_result types.',
  ),
  after: ['vision/offered', 'vision/seen'],
  reads: { 'vision/in-tool-result': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const resultSeen = requirement('vision/in-tool-result-seen', {
  level: 'must',
  profile: 'claude-code',
  title: 'a picture inside a tool_result reaches the model',
  because: 'An agent that does not see its screenshot clicks blindly.',
  breaks: ['claude-code'],
  source: docs(
    'agents-and-tools/tool-use/handle-tool-calls',
    'These content blocks can use the text, image, document, or search_result types.',
  ),
  after: ['vision/seen'],
  reads: { 'vision/in-tool-result': 'message' },
  *check(messages, exchanges) {
    yield* unsaid(messages, exchanges)
  },
})

export const refused = requirement('vision/bad-pictures-refused', {
  level: 'should',
  profile: 'full',
  title: 'data that is no picture, or another than its media_type says, is refused with 400',
  because: 'Otherwise the model answers about a picture nobody could open.',
  breaks: [],
  source: docs(page),
  after: ['vision/offered'],
  reads: { 'vision/not-a-picture': 'answer', 'vision/other-type': 'answer' },
  *check(answers) {
    yield* otherStatus(answers, 400)
  },
})

export const countServed = requirement('vision/counted', {
  level: 'should',
  profile: 'full',
  title: 'a picture counts as tokens, as many as the answer to one then reports',
  because: 'A count by base64 is ten times too high, and a count without it too low.',
  breaks: [],
  source: docs(page),
  after: ['vision/offered', 'tokens/offered'],
  reads: { 'tokens/short': 'count', 'vision/count': 'count', 'vision/colour': 'message', 'vision/as-text': 'message' },
  *check(read) {
    const { 'tokens/short': short, 'vision/count': count, 'vision/colour': seen, 'vision/as-text': told } = read
    const counted = count.input_tokens - short.input_tokens
    const billed = inputTotal(seen.usage) - inputTotal(told.usage)
    const found = (expected: string) =>
      ({ fixture: 'vision/count', at: '/input_tokens', expected, actual: String(count.input_tokens) }) as const
    if (counted <= 0) yield found(`more than ${short.input_tokens}`)
    else if (Math.abs(counted - billed) > Math.max(40, billed * 0.2))
      yield found(`about ${short.input_tokens + Math.max(billed, 1)}, as an answer reports`)
  },
})

export const countAccepted = requirement('vision/count-served', {
  level: 'should',
  profile: 'full',
  title: 'count_tokens takes pictures where messages do',
  because: 'Clients count what they are about to send.',
  breaks: [],
  source: docs('build-with-claude/token-counting'),
  after: ['vision/offered', 'tokens/offered'],
  reads: { 'vision/count': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

export const byUrl = requirement('vision/url-served', {
  level: 'must',
  profile: 'full',
  title: 'a picture by its URL is served, or refused with 400',
  because: 'Which of the two depends on who can fetch it; a 5xx or a 422 is neither.',
  breaks: [],
  source: docs(page, 'A URL reference to an image hosted online'),
  after: ['vision/offered'],
  reads: { 'vision/url': 'answer' },
  *check(answers) {
    yield* wrongStatus(answers, '200, or 400', (status) => status === 200 || (status >= 400 && status <= 404))
  },
})
