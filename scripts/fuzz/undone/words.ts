import type { Alteration } from '../../mutants/mutation.ts'

/* Each place where a word of somebody else's is looked up, undone: looked up there as in any object, which knows `toString`. */

const views = 'suites/harness/views'
const tools = 'suites/tools'
const run = 'suites/run'
const report = 'scripts/report'

/** Stands for `new Map(`. */
const asObject =
  'new (class { constructor(all) { this.of = {}; for (const [word, one] of all ?? []) this.of[word] = one } ' +
  'get(word) { return this.of[word] } has(word) { return word in this.of } set(word, one) { this.of[word] = one; return this } ' +
  'get size() { return Object.keys(this.of).length } entries() { return Object.entries(this.of) } ' +
  'keys() { return Object.keys(this.of) } values() { return Object.values(this.of) } ' +
  '[Symbol.iterator]() { return Object.entries(this.of)[Symbol.iterator]() } })('

/** Stands for `new Set(`. */
const asKeys =
  'new (class { constructor(all) { this.of = {}; for (const word of all) this.of[word] = 1 } ' +
  'has(word) { return word in this.of } add(word) { this.of[word] = 1 } get size() { return Object.keys(this.of).length } ' +
  '[Symbol.iterator]() { return Object.keys(this.of)[Symbol.iterator]() } })('

/** Stands for `Object.fromEntries(`: an assignment takes `__proto__` for what an object inherits. */
const byAssignment = '((all) => { const made = {}; for (const [word, one] of all) made[word] = one; return made })('

type Undone = readonly [id: string, file: string, find: string, replace: string, because: string]

/** What is looked up in a map, by what stands before it. */
function mapped(id: string, file: string, before: string, because: string): Undone {
  return [id, file, `${before}new Map(`, before + asObject, because]
}

function assigned(id: string, file: string, before: string, because: string): Undone {
  return [id, file, `${before}Object.fromEntries(`, before + byAssignment, because]
}

const undone: readonly Undone[] = [
  mapped('event', `${views}/walk.ts`, 'ReadonlyMap<string, Step> = ', 'An event named toString ends a run.'),
  [
    'block-of-a-delta',
    `${views}/walk.ts`,
    'deltasByBlock.get(kind)',
    'Object.fromEntries(deltasByBlock)[kind]',
    'A delta in a block of the type constructor ends a run.',
  ],
  [
    'delta-without-block',
    `${views}/walk.ts`,
    "plainBlocks.get(String(peek(objectIn(event.data, 'delta'), 'type')))",
    "Object.fromEntries(plainBlocks)[String(peek(objectIn(event.data, 'delta'), 'type'))]",
    'A delta of the type toString whose block never began is taken for one of a block that is known.',
  ],
  mapped(
    'lost-event',
    `${views}/stream.ts`,
    'const fields: ReadonlyMap<string, readonly string[]> = ',
    'An event named toString whose data is none ends a run.',
  ),
  [
    'block-of-a-lost-delta',
    `${views}/accumulate.ts`,
    "deltasByBlock.get(String(start['type']))",
    "Object.fromEntries(deltasByBlock)[String(start['type'])]",
    'A block of the type constructor whose delta was lost ends a run.',
  ],
  assigned(
    'message',
    `${views}/accumulate.ts`,
    'message: ',
    'A key __proto__ of a message that begins adds fields to it.',
  ),
  assigned('usage', `${views}/accumulate.ts`, "['usage', ", 'A key __proto__ of usage adds counts to it.'),
  [
    'holed',
    `${views}/holes.ts`,
    "if (key === '__proto__')",
    "if (key === '')",
    'A key __proto__ beside what cannot be read adds fields.',
  ],
  assigned(
    'tapped-event',
    'suites/run/tap/shapes.ts',
    '{ events: ',
    'An event named __proto__ is not among those that a tape without bodies counts.',
  ),
  [
    'canary',
    `${views}/canaries.ts`,
    'own(values, canary)',
    'values[canary]',
    'A tape whose canary is named constructor ends a run.',
  ],
  mapped(
    'error-type',
    'suites/errors/errors.ts',
    'const statusesOf: ReadonlyMap<string, (status: number) => boolean> = ',
    'An error of the type __proto__ ends a run.',
  ),
  mapped(
    'stop-reason',
    `${tools}/call.ts`,
    'mayLeaveCalls: ReadonlyMap<string, boolean> = ',
    'A call beside the stop_reason toString is as it has to be.',
  ),
  mapped('tool', `${tools}/calls.ts`, 'schemas: ', 'A call of a tool toString that no schema tells of ends a run.'),
  [
    'tool-declared',
    `${tools}/calls.ts`,
    'new Set(tools.map(({ name }) => String(name)))',
    `${asKeys}tools.map(({ name }) => String(name)))`,
    'A call of a tool toString is one of a tool that was declared.',
  ],
  [
    'argument-missing',
    `${tools}/call.ts`,
    '(key) => !Object.hasOwn(given, key)',
    '(key) => !(key in given)',
    'An argument toString that the schema requires is never missing.',
  ],
  [
    'argument-given',
    `${tools}/arguments.ts`,
    'Object.hasOwn(call.input, name)',
    'name in call.input',
    'An argument toString that the schema requires is always given.',
  ],
  [
    'argument-pinned',
    `${tools}/arguments.ts`,
    '[own(given, name), own(input, name)]',
    '[given[name], input[name]]',
    'What was asked for as the argument toString is a function.',
  ],
  [
    'call-id',
    `${tools}/call.ts`,
    'const seen = new Map<string, string>()',
    `const seen = ${asObject})`,
    'A call whose id is toString has the id of another one.',
  ],
  [
    'message-id',
    'suites/messages/answer.ts',
    'const seen = new Map<string, string>()',
    `const seen = ${asObject})`,
    'A Message whose id is toString has the id of another one.',
  ],
  [
    'block-filled',
    'suites/streaming/events.ts',
    "of own(filledByDeltas, String(start['type'])) ?? []",
    "of filledByDeltas[String(start['type'])] ?? []",
    'A block of the type constructor beside one of text ends a run.',
  ],
  [
    'block-that-fills',
    'suites/streaming/events.ts',
    "blocks.some(({ start }) => own(filledByDeltas, String(start['type'])) !== undefined)",
    "blocks.some(({ start }) => filledByDeltas[String(start['type'])] !== undefined)",
    'A stream of blocks of the type toString alone is judged by what text begins with.',
  ],
  mapped(
    'encoding',
    'suites/harness/wire/body.ts',
    'const codecs: ReadonlyMap<string, Codec> = ',
    'A content-encoding named constructor is one that cannot be undone, in place of one that is not known.',
  ),
  [
    'tape-line',
    'suites/harness/tape/tape.ts',
    'if (!validateTapeLine(line)) throw',
    'if (!isObject(line)) throw',
    'A tape with words that a tape cannot hold ends in a mistake of ours.',
  ],
  [
    'fixture-shown-again',
    `${report}/again.ts`,
    'const found = own(requests, fixture)',
    'const found = requests[fixture]',
    'A tape whose fixture is named toString ends a run.',
  ],
  [
    'header-shown-again',
    `${report}/again.ts`,
    'const variable = own(target.headerVariables ?? {}, name)\n      return',
    'const variable = (target.headerVariables ?? {})[name]\n      return',
    'A header named toString is printed as one that a variable holds.',
  ],
  [
    'header-in-curl',
    `${report}/again.ts`,
    'const variable = own(target.headerVariables ?? {}, name)\n    return',
    'const variable = (target.headerVariables ?? {})[name]\n    return',
    'The value of a header named toString stands in no curl.',
  ],
  [
    'variable-of-the-key',
    `${run}/which-target.ts`,
    'own(environment, keyVariable)',
    'environment[keyVariable]',
    'The variable toString is set, to a function.',
  ],
  [
    'variable-of-a-header',
    `${run}/which-target.ts`,
    'own(environment, variable)',
    'environment[variable]',
    'A header that is given by the variable toString is a function.',
  ],
  [
    'variable-of-a-target',
    'scripts/target-file.ts',
    'own(environment, variable)',
    'environment[variable]',
    'A target whose key is in the variable toString has a function for one.',
  ],
  assigned(
    'header-of-a-variable',
    `${run}/which-target.ts`,
    'return ',
    'A secret header named __proto__ is printed as one that was typed.',
  ),
  assigned(
    'header-of-a-target',
    'scripts/target-file.ts',
    'return ',
    'A secret header of a target named __proto__ is printed as one that was typed.',
  ),
  [
    'header-written',
    'scripts/write-target.ts',
    '!Object.hasOwn(headerVariables, header)',
    '!(header in headerVariables)',
    'A header named toString is in no target file that is written.',
  ],
  [
    'command',
    'scripts/command-table.ts',
    'commands.find(({ name }) => name === word)',
    'Object.assign({}, ...commands.map((one) => ({ [one.name]: one })))[word]',
    'A command toString ends in a mistake of ours.',
  ],
  [
    'option',
    'scripts/options.ts',
    'allowed.find((known) => typedAs(known) === token.name)',
    '(token.name in options ? (token.name as OptionName) : undefined)',
    'An option --toString is taken for one that there is.',
  ],
]

export const ofWords: readonly Alteration[] = undone.map(([id, file, find, replace, because]) => ({
  id: `words/${id}`,
  file,
  find,
  replace,
  because,
}))
