import type { Mutation } from '../mutation.ts'

const diagnose = 'suites/run/diagnose.ts'
const byDiagnose = ['suites/run/diagnose.test.ts']

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
    find: "if (isPage(came, exchange)) return 'web-page'\n",
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
]
