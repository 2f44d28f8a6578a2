import type { Mutation } from '../mutation.ts'

const room = 'suites/harness/tape'
const traces = `${room}/traces.ts`
const redact = `${room}/redact.ts`
const tape = `${room}/tape.ts`
const har = `${room}/har.ts`

const byRedact = [`${room}/redact.test.ts`]
const byTape = [`${room}/tape.test.ts`]
const byHar = [`${room}/har.test.ts`]

export const ofTape: readonly Mutation[] = [
  {
    id: 'redact/unknown-header-kept',
    file: redact,
    find: 'if (isHarmless(name)) return clean',
    replace: 'if (name) return clean',
    tests: byRedact,
    because: 'Values of headers that nobody knows stand on the tape, cookies among them.',
  },
  {
    id: 'redact/location-whole',
    file: redact,
    find: "if (name === 'location') return origin(clean)\n",
    replace: '',
    tests: byRedact,
    because: 'A redirect to a login carries its token onto the tape.',
  },
  {
    id: 'redact/short-key-kept',
    file: redact,
    find: "if (short.has(value) || short.has(value.replace(/^\\w+ +/, ''))) return redactedMark",
    replace: 'if (short.has(value)) return redactedMark',
    tests: byRedact,
    because: 'A short key behind "Bearer" is kept.',
  },
  {
    id: 'redact/compressed-kept',
    file: redact,
    find: 'const unpacked = names.length > 0 ? unpack(given.body, names, true) : null',
    replace: 'const unpacked = null as ReturnType<typeof unpack> | null',
    tests: byRedact,
    because: 'A key echoed in a compressed body is on the tape.',
  },
  {
    id: 'redact/unlabelled-kept',
    file: redact,
    find: 'named.length > 0 ? null : guessEncoding(body, true)',
    replace: 'null',
    tests: byRedact,
    because: 'A key echoed in a body that is compressed without a label is on the tape.',
  },
  {
    id: 'redact/detail-kept',
    file: redact,
    find: 'return { ...given, detail: text(given.detail) }',
    replace: 'return given',
    tests: byRedact,
    because: 'A key in an error text of the connection is printed.',
  },
  {
    id: 'redact/chunks-as-they-were',
    file: redact,
    find: 'chunks: moved(given.chunks, spans)',
    replace: 'chunks: given.chunks',
    tests: byRedact,
    because: 'The times of events behind an echoed key are wrong.',
  },
  {
    id: 'traces/no-base64',
    file: traces,
    find: '[0, 1, 2].flatMap((before)',
    replace: '[0].flatMap((before)',
    tests: byRedact,
    because: 'A key in basic credentials is kept at two of three alignments.',
  },
  {
    id: 'traces/no-hashes',
    file: traces,
    find: "['sha256', 'md5'].flatMap",
    replace: "['md5'].flatMap",
    tests: byRedact,
    because: 'The sha256 of a key, which gateways log, is kept.',
  },
  {
    id: 'traces/parts-of-20',
    file: traces,
    find: 'form(text, inParts ? 16 : Infinity)',
    replace: 'form(text, inParts ? 20 : Infinity)',
    tests: byRedact,
    because: 'A key shown in part is kept.',
  },
  {
    id: 'traces/percent-lost',
    file: traces,
    find: '    allPercent,\n',
    replace: '',
    tests: byRedact,
    because: 'A key in a URL is kept where every sign is escaped.',
  },
  {
    id: 'tape/no-footer-is-complete',
    file: tape,
    find: 'footer ? { complete: true, footer } : { complete: false, footer: null }',
    replace: '({ complete: true, footer: footer! })',
    tests: byTape,
    because: 'A run that was killed is judged as if it were whole.',
  },
  {
    id: 'tape/footer-not-held',
    file: tape,
    find: 'else if (line.exchanges === count) footer = line',
    replace: 'else if (line.exchanges >= 0) footer = line',
    tests: byTape,
    because: 'A tape that lost lines is judged as if it were whole.',
  },
  {
    id: 'tape/broken-line-ends-it',
    file: tape,
    find: 'if (line === undefined && !whole && number > 1) return\n',
    replace: '',
    tests: byTape,
    because: 'A run that was killed while it wrote leaves a tape that cannot be read.',
  },
  {
    id: 'tape/settles-lost',
    file: tape,
    find: '    ...(settles !== undefined && { settles }),\n',
    replace: '',
    tests: byTape,
    because: 'check and judge of its tape disagree about every model.',
  },
  {
    id: 'har/any-recorder',
    file: har,
    find: "if (typeof text !== 'string' && size !== 0) return null\n",
    replace: '',
    tests: byHar,
    because: 'A stream that a browser recorded without its body is called broken.',
  },
  {
    id: 'har/status-0-is-an-answer',
    file: har,
    find: "if (typeof status !== 'number' || status === 0) return unanswered",
    replace: "if (typeof status !== 'number') return unanswered",
    tests: byHar,
    because: 'A request that was called off is an answer with status 0.',
  },
  {
    id: 'har/any-query-kept',
    file: har,
    find: 'const query = queries.flatMap(',
    replace: 'const query = [...new Set(searchParams.keys())].flatMap(',
    tests: byHar,
    because: 'A key in the query of a recorded URL is shown.',
  },
  {
    id: 'har/encoding-left',
    file: har,
    find: "name.startsWith(':') || undone.has(name.toLowerCase())",
    replace: "name.startsWith(':')",
    tests: byHar,
    because: 'A body that stands decoded in a HAR is decoded once more, and fails.',
  },
]
