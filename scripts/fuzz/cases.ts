import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { toBytes } from '../../fixtures/gateways/answer.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import type { TargetFile } from '../../schemas/types.ts'
import { validateTarget } from '../../schemas/validators.js'
import { redactor } from '../../suites/harness/tape/redact.ts'
import { redacted } from '../../suites/harness/tape/as-it-came.ts'
import { toLine } from '../../suites/harness/tape/tape.ts'
import type { Exchange } from '../../suites/harness/wire/exchange.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { parseJson } from '../../suites/harness/wire/json.ts'
import { commands } from '../command-table.ts'
import { listedFaults } from '../commands/listed-faults.ts'
import { renderedFiles } from '../report/files.ts'
import { ids } from '../../suites/ids.ts'
import { whichTarget } from '../../suites/run/which-target.ts'
import { tool } from '../tool.ts'
import { readTargetFile, targetsOf } from '../target-file.ts'
import { typed } from '../typed.ts'
import { withShown, withWaivers } from '../write-target.ts'
import { withAnswer } from './answered.ts'
import { demand, difference, holdOnTape, judgedAs, readOtherwise, taken } from './demands.ts'
import { alteredExchange } from './exchanges.ts'
import type { Random } from './random.ts'
import { tracesIn } from './readings.ts'
import { saysToRun } from './run.ts'
import { saying, saysSecret } from './said.ts'
import { saysToTap } from './tapped.ts'
import { ways } from './ways.ts'
import { target, type Recorded } from './recorded.ts'
import { altered, anyWord, withSecrets, written } from './tree.ts'
import { answeredTo, askings, otherwise, pairs, vocabulariesOf } from './vocabulary.ts'
import { faultInPrinted } from './wellformed.ts'
import { masked, secret, secretless, unknownWords, words, type Words } from './words.ts'

/* What is tried: each takes something right, changes it, and demands what has to be so whatever was changed. */

export interface Given {
  readonly recorded: Recorded
  /** The choices of this case, from their beginning each time. */
  readonly random: () => Random
  /** A folder for the files of this case. */
  readonly folder: string
}

export type Case = (given: Given) => void | Promise<void>

/** An answer of a gateway, changed: judged with what is read beside it, as a run does it, and in all other ways. */
const answer: Case = ({ recorded, random }) => {
  const exchangeWith = (vocabulary: Words): Exchange => {
    const choices = random()
    return alteredExchange(choices.pick(recorded.all), choices, vocabulary)
  }
  const exchange = exchangeWith(words)
  const beside = recorded.beside(exchange.fixture)
  const choices = random()
  // A page takes longer than all the rest.
  const files = choices.chance(0.2) ? renderedFiles : renderedFiles.filter((file) => file !== 'report.html')
  const came = taken([...beside, exchange], target, files)
  if (choices.chance(0.3)) holdOnTape(came)
  if (choices.chance(0.3)) readOtherwise(exchange, beside)
  const other = exchangeWith(unknownWords)
  if (isSame(exchange, other)) return
  const clean = redactor([secret])
  const judged = judgedAs([...beside, other].map((one) => redacted(one, clean)))
  demand(difference(came.judged, judged), 'a word of every object is judged as any unknown one')
}

function isSame(one: Exchange, other: Exchange): boolean {
  return JSON.stringify(toLine(one)) === JSON.stringify(toLine(other))
}

/** The text of a tape, as a run leaves it. */
function tapeText({ recorded }: Given, choices: Random): string {
  const clean = redactor([secret])
  const exchanges = Array.from({ length: 1 + choices.below(4) }, () => redacted(choices.pick(recorded.all), clean))
  const { kind, baseUrl, model } = target
  const started = new Date(0).toISOString()
  const sent = { requests: exchanges.length, inputTokens: 0, outputTokens: 0 }
  const lines = [
    { kind: 'header', format: 1, tool, target: { kind, baseUrl, model }, profile: 'full', started },
    ...exchanges.map(toLine),
    { kind: 'footer', ending: 'complete', sent, exchanges: exchanges.length, ended: started },
  ]
  const changed = lines.map((line) => (choices.chance(1 / lines.length) ? altered(line, choices, secretless) : line))
  return changed.map((line) => `${written(line, secretless)}\n`).join('')
}

/** A HAR of some exchanges; each of its requests holds the secret where one does, and one says it. */
function harText({ recorded }: Given, choices: Random): string {
  const some = Array.from({ length: 2 + choices.below(3) }, () => choices.pick(recorded.all))
  const said = saying(secret, choices.below(ways.length), choices.pick(recorded.all), choices)
  const entries = [...some, { ...said, ...(choices.chance(0.2) && { fixture: secret }) }].map(entryOf)
  const changed = entries.map((entry, index) => (index === 0 ? altered(entry, choices, words) : entry))
  return written({ log: { version: '1.2', creator: tool, entries: changed } }, words)
}

function entryOf({ sent, came, fixture }: Exchange) {
  const named = (list: Exchange['sent']['headers']) => list.map(([name, value]) => ({ name, value }))
  const { status = 0, headers = [], body = Buffer.alloc(0) } = came.kind === 'answer' ? came : {}
  return {
    comment: fixture,
    request: {
      method: sent.method,
      url: `https://gateway.example${sent.path}`,
      headers: [...named(sent.headers), { name: 'authorization', value: `Bearer ${secret}` }],
      ...(sent.body !== null && { postData: { mimeType: 'application/json', text: sent.body } }),
    },
    response: { status, headers: named(headers), content: { size: body.length, text: Buffer.from(body).toString() } },
  }
}

/** A text, changed in its lines or its bytes, or left as it is. */
function scrambled(text: string, choices: Random): Uint8Array {
  const lines = text.split('\n')
  const [one, other] = [choices.below(lines.length), choices.below(lines.length)]
  const bytes = Buffer.from(text)
  const at = choices.below(bytes.length)
  switch (choices.below(8)) {
    case 0:
      return Buffer.from(lines.toSpliced(one, 1).join('\n'))
    case 1:
      return Buffer.from(lines.toSpliced(one, 0, lines[other] ?? '').join('\n'))
    case 2:
      return bytes.subarray(0, at)
    case 3:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from([choices.below(256)]), bytes.subarray(at + 1)])
    default:
      return bytes
  }
}

/** A file that is judged, and compared with itself. */
function recording(name: string, textOf: (given: Given, choices: Random) => string): Case {
  return async (given) => {
    const choices = given.random()
    const file = join(given.folder, name)
    writeFileSync(file, scrambled(textOf(given, choices), choices))
    const out = join(given.folder, `${name} judged`)
    await ranWell(['judge', file, '--out', out])
    for (const left of existsSync(out) ? readdirSync(out) : [])
      demand(tracesIn(left, readFileSync(join(out, left), 'utf8'), secret)[0] ?? null, 'a recording keeps the secret')
    rmSync(out, { recursive: true, force: true })
    if (choices.chance(0.2)) await ranWell(['diff', file, file])
  }
}

/** What the environment of a case holds that is secret. */
const environment = { GATEWAY_API_KEY: secret, OTHER_KEY: 'other-3k9q2x8w4v6n1p5t0r' }

/**
 * A gateway that is named by options: it is refused in a sentence, or what is printed of it can be, and written into a target file,
 * whatever words it is made of.
 */
const named: Case = ({ recorded, random }) => {
  const broke = broken(random().pick(recorded.all))
  const came = [words, unknownWords].map((vocabulary) => {
    const choices = random()
    const some = (usual: string): string => (choices.chance(0.3) ? typedWord(choices, vocabulary) : usual)
    const meant = {
      baseUrl: choices.chance(0.2) ? `https://gateway.example/${some('v2')}` : 'https://gateway.example',
      model: some('claude-reference'),
      keyEnv: some('GATEWAY_API_KEY'),
      headers: [`${some('x-tenant')}: ${some('7')}`],
      headersEnv: [`${some('x-secret')}=${some('OTHER_KEY')}`],
    }
    const target = readOr(() => whichTarget(meant, environment, 'check'))
    if (target === null || 'refused' in target) return masked(target?.refused ?? '')
    const { outputs, report } = taken([...recorded.beside('messages/hello'), broke], target, [])
    const file = readOr(() => withShown([{ target, report, entry: undefined }]))
    return masked(`${outputs.get('stdout')}${JSON.stringify(file)}`)
  })
  demand(came[0] === came[1] ? null : String(came[0]), 'a gateway is named by known words as by any others')
}

/** A word as it may be typed: never the secret, which is a variable's. */
function typedWord(choices: Random, vocabulary: Words): string {
  const { secrets } = secretless
  return withSecrets(anyWord(choices, { ...vocabulary, secrets }), { ...vocabulary, secrets })
}

/**
 * A target file: it is refused in a sentence, or what is printed for its targets can be, and what is written from it is one again,
 * whatever words it is made of.
 */
const targetFile: Case = (given) => {
  const came = [words, unknownWords].map((vocabulary) =>
    // A property that nobody knows is named where it is a letter from one that is known: the word does that, and not that it is known.
    masked(ofTargetFile(given, vocabulary).replace(/ has "[^"]*"(?=, which is not known here)/, ' has a property')),
  )
  demand(came[0] === came[1] ? null : String(came[0]), 'known words stand in a target file as any others')
}

/** The sentence with which a target file is refused, or what is printed of its first target. */
function ofTargetFile({ recorded, random, folder }: Given, vocabulary: Words): string {
  const choices = random()
  const right: TargetFile = {
    targets: [
      {
        name: 'one',
        baseUrl: 'https://gateway.example/anthropic',
        model: 'claude-reference',
        key: { env: 'GATEWAY_API_KEY' },
        headers: Object.fromEntries([
          ['x-tenant', '7'],
          [choices.chance(0.3) ? typedWord(choices, vocabulary) : 'x-secret', { env: 'OTHER_KEY' }],
        ]),
        profile: 'sdk',
        lacks: ['vision'],
        waivers: [{ id: 'messages/shape', because: 'We know.', until: '2030-01-01' }],
      },
      { name: 'two', baseUrl: 'http://127.0.0.1:4010', models: ['a', 'b'], auth: 'none', timeout: 3 },
    ],
  }
  const file = join(folder, 'targets.json')
  writeFileSync(file, scrambled(written(altered(right, choices, vocabulary), vocabulary), choices))
  const meant = readOr(() => targetsOf(readTargetFile(file), environment))
  if ('refused' in meant) return meant.refused
  const [first] = meant
  if (!first) return ''
  const tape = [...recorded.beside('messages/hello'), broken(choices.pick(recorded.all))]
  const { report, outputs } = taken(tape, first.target, [])
  for (const write of [withShown, (learnt: Parameters<typeof withShown>[0]) => withWaivers(learnt, '2030-01-01')]) {
    const again: unknown = JSON.parse(JSON.stringify(write([{ ...first, report }])))
    const faults = validateTarget(again) ? [] : (validateTarget.errors ?? [])
    // A reason is for a person to write.
    const [fault] = faults.filter(({ instancePath }) => !instancePath.endsWith('/because'))
    demand(fault ? `${fault.instancePath} ${fault.message}` : null, 'a target file that is written is one')
  }
  return outputs.get('stdout') ?? ''
}

/** What a function returns; or the sentence with which it refuses what somebody wrote. */
function readOr<T>(read: () => T): T | { readonly refused: string } {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof InputError)) throw error
    return { refused: error.message }
  }
}

function broken(exchange: Exchange): Exchange {
  return withAnswer(exchange, (came) => ({ ...came, status: 599 }))
}

const typedFirst = [...commands.map(({ name }) => name), 'help', '--version']
const options = [...new Set(commands.flatMap((command) => command.options))]
const values = [
  'full',
  'sdk',
  'tools',
  'streaming/ends',
  'messages/hello',
  '1',
  '0',
  '-1',
  '1e999',
  'x: y',
  'x=GATEWAY_API_KEY',
  'none',
]

/** A key that is typed where something else belongs. */
const misplaced = 'sk-live-Q7w9Zr2Xk4Lm8Pt3'

/** A line that is typed: a word that JavaScript knows is refused in it as any other. */
const line: Case = async ({ random }) => {
  const [known, unknown] = [typedLine(random(), words), typedLine(random(), unknownWords)]
  const codes = [await ranWell(known), await ranWell(unknown)]
  if (known[0] === 'list' && known.some((word) => inIds.has(word))) return
  demand(codes[0] === codes[1] ? null : codes.join(), 'known words are typed as any others')
}

/** Words of JavaScript that stand in an id, as in errors/then-valid: `list` looks for parts, and rightly finds those. */
const inIds: ReadonlySet<string> = new Set(
  words.known.filter((word) =>
    [...ids, ...listedFaults().map(({ id }) => id)].some((id) => id.includes(word.toLowerCase())),
  ),
)

/** A line. What would send something, or serve, is asked for its help only. */
function typedLine(choices: Random, vocabulary: Words): readonly string[] {
  const word = (): string => (choices.chance(0.2) ? misplaced : typedWord(choices, vocabulary))
  const command = choices.chance(0.8) ? choices.pick(typedFirst) : word()
  const several = Array.from({ length: choices.below(5) }, () => {
    const value = choices.chance(0.6) ? choices.pick(values) : word()
    const option = `--${choices.chance(0.8) ? choices.pick(options) : word()}`
    return choices.pick([[option], [option, value], [`${option}=${value}`], [value]])
  })
  // Now and then one option, or what is no option, and nothing else: of several mistakes only the first is told.
  const alone = (): string => (choices.chance(0.5) ? `--${word()}` : choices.chance(0.5) ? misplaced : word())
  const argv = choices.chance(0.4) ? [[alone()]] : several
  const sends = ['init', 'check', 'mock'].includes(command) || command.startsWith('-')
  // First: an option that is typed without its value would take it for one.
  return [command, ...(sends ? ['--help'] : []), ...argv.flat()]
}

/** Runs a line, and demands a code that is documented, no stack, and nothing printed that harms. Returns the code. */
async function ranWell(argv: readonly string[]): Promise<number> {
  const { code, out, err } = await typed(argv, { GATEWAY_API_KEY: secret })
  demand([0, 1, 2].includes(code) ? null : String(code), 'an exit code')
  for (const text of [out, err]) {
    demand(faultInPrinted(text), `what ${argv[0]} prints commands nothing`)
    for (const key of [secret, misplaced])
      demand(text.includes(key) ? text.slice(0, 200) : null, `${argv[0]} keeps what is secret`)
  }
  demand(err.includes('made a mistake of its own') ? err : null, 'no mistake of ours')
  demand(/^\s+at .*:\d+:\d+/m.exec(err)?.[0] ?? null, 'no stack')
  demand(err.split('\n').length > 5 ? err : null, 'a few sentences')
  return code
}

/** A request: the reference answers it, whatever it says, and a word that JavaScript knows as any other. */
const request: Case = async ({ recorded, random }) => {
  const choices = random()
  const { sent } = choices.pick(recorded.all)
  const body = sent.body === null ? null : written(altered(parseJson(sent.body) ?? null, choices, words), words)
  const headers = sent.headers
    .filter(([name]) => name !== 'content-length')
    .map(([name, value]): [string, string] => [name, value])
  const url = `http://127.0.0.1${sent.path}`
  const { status } = toBytes(
    await createReference()(
      new Request(url, {
        method: sent.method,
        headers,
        body: sent.method === 'GET' || sent.method === 'HEAD' ? null : body,
      }),
    ),
  )
  demand(status < 500 ? null : String(status), 'the reference knows an answer')
  const [about, asks] = choices.pick(askings)
  const [known, unknown] = choices.pick(pairs)
  const answers = [await answeredTo(asks(known)), await answeredTo(asks(unknown))]
  demand(answers[0] === answers[1] ? null : `${known}: ${answers.join(', then ')}`, `${about} is answered as any other`)
}

/** A word that JavaScript knows, put where a word may be said. */
const word: Case = ({ recorded, random }) => {
  const choices = random()
  const [about, put] = choices.pick(vocabulariesOf(recorded))
  // One is known otherwise than all others: what is put behind it is what an object inherits.
  for (const pair of [...pairs.filter(([known]) => known === '__proto__'), choices.pick(pairs)])
    demand(otherwise(put, pair, recorded), `${about} is judged as any unknown one`)
}

const saidAnywhere: Case = ({ recorded, random }) => saysSecret(recorded, random())
const saidInRun: Case = ({ recorded, random }) => saysToRun(recorded, random())
const saidThroughTap: Case = ({ recorded, random }) => saysToTap(recorded, random())

/** The kinds in which a gateway says a secret. */
export const secretsSaid: ReadonlySet<Case> = new Set([saidAnywhere, saidInRun, saidThroughTap])

/** All kinds, those that find most more often. */
export const cases: readonly Case[] = [
  ...Array.from<Case>({ length: 10 }).fill(answer),
  ...Array.from<Case>({ length: 6 }).fill(word),
  ...Array.from<Case>({ length: 4 }).fill(saidAnywhere),
  saidInRun,
  saidThroughTap,
  recording('tape.jsonl', tapeText),
  recording('traffic.har', harText),
  ...[targetFile, targetFile],
  ...[named, named],
  ...[line, line],
  ...[request, request],
]
