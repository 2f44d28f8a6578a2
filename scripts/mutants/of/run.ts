import type { Mutation } from '../mutation.ts'

const diagnose = 'suites/run/diagnose.ts'
const byDiagnose = ['suites/run/diagnose.test.ts']

const sendable = 'suites/run/sendable.ts'
const bySendable = ['suites/run/sendable.test.ts']
const selection = 'suites/run/selection.ts'
const bySelection = ['suites/run/selection.test.ts']

export const ofRun: readonly Mutation[] = [
  {
    id: 'diagnose/403-is-unreachable',
    file: diagnose,
    find: "new Set(['credential', 'forbidden', 'balance'])",
    replace: "new Set(['credential', 'balance'])",
    tests: byDiagnose,
    because: 'A gateway that refused the key is said not to be there.',
  },
  {
    id: 'diagnose/page-is-a-wrong-path',
    file: diagnose,
    find: "if (status < 500 && isPage(came, exchange)) return 'web-page'\n",
    replace: '',
    tests: byDiagnose,
    because: 'A login page is judged as a gateway, and everything is broken.',
  },
  {
    id: 'diagnose/model-is-a-wrong-path',
    file: diagnose,
    find: "see(exchange, 'error').is === 'there' ? 'no-model' : 'no-route'",
    replace: "'no-route'",
    tests: byDiagnose,
    because: 'Somebody whose model is not served looks for another path.',
  },
  {
    id: 'diagnose/any-5xx-ends-it',
    file: diagnose,
    find: 'status === 502 || status === 503 || status === 504',
    replace: 'status >= 500',
    tests: byDiagnose,
    because: 'A gateway that answers 500 is not judged, and its breach is called unreachable.',
  },
  {
    id: 'diagnose/redirect-is-judged',
    file: diagnose,
    find: "if (status >= 300 && status < 400) return 'redirect'\n",
    replace: '',
    tests: byDiagnose,
    because: 'An http address of an https gateway is judged, and everything is broken.',
  },
  {
    id: 'diagnose/any-404-is-an-api',
    file: 'suites/run/looks.ts',
    find: "came.status !== 404 && see(exchange, 'error').is === 'there'",
    replace: "see(exchange, 'error').is === 'there'",
    tests: byDiagnose,
    because: 'Somebody is sent to a path where there is nothing.',
  },
  {
    id: 'diagnose/dead-front-is-a-site',
    file: diagnose,
    find: "  if (status === 502 || status === 503 || status === 504) return 'upstream-down'\n",
    replace: '',
    tests: byDiagnose,
    because: 'A gateway that is down is judged, or taken for a site.',
  },
  {
    id: 'sendable/line-ends-pass',
    file: sendable,
    find: 'if (/[\\r\\n]/.test(value)) return `${what} holds a line feed, and a header is one line.`\n',
    replace: '',
    tests: bySendable,
    because: 'A key of two lines throws in the middle of a run.',
  },
  {
    id: 'sendable/any-letters-pass',
    file: sendable,
    find: 'if (foreign)\n',
    replace: 'if (foreign && value === what)\n',
    tests: bySendable,
    because: 'A key with a typographic quote throws in the middle of a run.',
  },
  {
    id: 'sendable/doubles-pass',
    file: sendable,
    find: 'target.headers.findIndex(([other]) => other.toLowerCase() === lower) < index',
    replace: 'index < 0',
    tests: bySendable,
    because: 'Of two headers of one name, one is silently not sent.',
  },
  {
    id: 'selection/lacks-beats-profile',
    file: selection,
    find: 'new Set([...requiredBy[profile], ...require])',
    replace: 'new Set([...require])',
    tests: bySelection,
    because: 'What a profile requires is not required.',
  },
  {
    id: 'selection/required-stays-unasked',
    file: selection,
    find: 'binds(requirement.profile, profile) || required.has(requirement.id)',
    replace: 'binds(requirement.profile, profile)',
    tests: bySelection,
    because: 'A required capability of a higher rung is never asked, and the run ends in exit 2.',
  },
  {
    id: 'selection/probe-alone-shows',
    file: selection,
    find: '[gate, ...catalogue.filter((requirement) => readsOnly(requirement, gate.probe))]',
    replace: '[gate]',
    tests: bySelection,
    because: 'A 200 that ignores what is required passes for offering it.',
  },
]
