import type { Mutation } from '../mutation.ts'

const room = 'suites/harness/compare'
const beside = (name: string): Pick<Mutation, 'file' | 'tests'> => ({
  file: `${room}/${name}.ts`,
  tests: [`${room}/${name}.test.ts`],
})

export const ofCompare: readonly Mutation[] = [
  {
    id: 'compare/declined-is-no-worse',
    ...beside('compare'),
    find: "before === 'shown' && now !== 'shown' && now !== 'not-asked'",
    replace: "before === 'shown' && now === 'broken'",
    because: 'A gateway that took a capability away is no worse than before.',
  },
  {
    id: 'compare/not-asked-is-worse',
    ...beside('compare'),
    find: " && now !== 'not-asked')",
    replace: ')',
    because: 'A smaller look is called worse.',
  },
  {
    id: 'compare/new-requirement-is-worse',
    ...beside('compare'),
    find: ' && !wasNotAsked(a))',
    replace: ')',
    because: 'What was never asked before turns a diff red.',
  },
  {
    id: 'compare/hints-gate',
    ...beside('compare'),
    find: ' && !b.hint && ',
    replace: ' && ',
    because: 'A hint turns a diff red.',
  },
  {
    id: 'compare/silence-is-conclusive',
    ...beside('compare'),
    find: "new Set(['no-answer', 'rate-limited',",
    replace: "new Set(['no-answer',",
    because: 'A must that held and only met 429 now is no reason to say that nothing can be told.',
  },
  {
    id: 'compare/cut-run-is-conclusive',
    ...beside('compare'),
    find: "const { ending } = which === 'old' ? old : now",
    replace: 'const { ending } = now',
    because: 'A baseline that was cut short makes everything look mended.',
  },
  {
    id: 'compare/inconclusive-beats-worse',
    ...beside('compare'),
    find: 'exitCode: worse ? 1 : doubts.length > 0 ? 2 : 0',
    replace: 'exitCode: doubts.length > 0 ? 2 : worse ? 1 : 0',
    because: 'One 429 hides what got worse.',
  },
  {
    id: 'compare/mean-for-median',
    ...beside('compare'),
    find: 'values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]',
    replace: 'sum(values) / values.length || undefined',
    because: 'One slow answer is a slower gateway.',
  },
  {
    id: 'compare/all-that-appeared',
    ...beside('compare'),
    find: 'places.filter((at) => !all.has(parent(at)))',
    replace: '[...places]',
    because: 'A new object is reported field by field.',
  },
  {
    id: 'drift/blocks-alike',
    ...beside('drift'),
    find: "return isObject(item) && typeof item['type'] === 'string' ? clip(item['type']) : '*'",
    replace: "return '*'",
    because: 'A field that moved from one block type to another is no drift.',
  },
  {
    id: 'drift/input-is-shape',
    ...beside('drift'),
    find: 'if (!free.has(key)) describe',
    replace: 'describe',
    because: 'What a model put into a tool call is drift of the gateway.',
  },
  {
    id: 'drift/pings-are-order',
    ...beside('drift'),
    find: "if (type === 'ping' || order",
    replace: 'if (order',
    because: 'A ping that came elsewhere is drift.',
  },
]
