import { InputError } from '../suites/harness/wire/input-error.ts'
import { nearest, noSuch } from './nearest.ts'
import { outFiles } from './report/files.ts'
import { languages, type Language } from './report/words/languages.ts'

// Imported, node:util would load all that it offers, and --help would wait for that.
const { parseArgs } = process.getBuiltinModule('node:util')

/** One option: how it is typed, and its line of --help. */
export interface Option {
  readonly value?: string
  /** How it is typed, where another command has another option of that name. */
  readonly typed?: string
  /** The letter that stands for it, behind one dash. */
  readonly short?: string
  readonly many?: true
  readonly help: string
}

const options = {
  'base-url': { value: 'URL', help: 'the gateway, as an SDK takes it: without /v1' },
  model: { value: 'NAME', help: 'the model to ask for' },
  'key-env': { value: 'VARIABLE', help: 'the environment variable that holds the key (default: GATEWAY_API_KEY)' },
  'key-header': { value: 'NAME', help: 'a header of its own that carries the key, as it is' },
  auth: { value: 'bearer|x-api-key|both|none', help: 'the header that carries the key (default: bearer)' },
  header: { value: '"NAME: VALUE"', many: true, help: 'one more header, sent with every request' },
  'header-env': { value: 'NAME=VARIABLE', many: true, help: 'one more header whose value is secret' },
  profile: { value: 'minimum|sdk|claude-code|full', help: 'the rung of the ladder to judge by (default: sdk)' },
  require: { value: 'CAPABILITY,...', many: true, help: 'capabilities that must be there, whatever the profile' },
  lacks: {
    value: 'CAPABILITY,...',
    many: true,
    help: 'capabilities it is known not to have: not asked, and a breach where required',
  },
  strict: { help: 'a broken should fails too, and every must has to be judged' },
  only: { value: 'ID-or-AREA,...', many: true, help: 'a partial look: these requirements only' },
  quick: { help: 'a partial look: what is free, and six paid requests that catch most' },
  fixture: { value: 'NAME', many: true, help: 'a partial look: these requests only' },
  concurrency: { value: 'N', help: 'requests under way at once (default: 6)' },
  quiet: { help: 'no progress' },
  curl: { help: 'show the curl of each breach on a terminal too; elsewhere, and in the reports, it always is' },
  target: { value: 'FILE', help: 'the gateways of a target file, each with its own settings' },
  'write-target': { value: 'FILE', help: 'write a target file that requires the capabilities shown today' },
  'write-waivers': { value: 'FILE', help: 'write a target file that proposes a waiver for each breach' },
  wait: { value: 'SECONDS', help: 'wait so long for a gateway that is still starting, within --max-requests' },
  deadline: { value: 'SECONDS', help: 'for the whole run (default: 1800)' },
  'allow-self-signed': { help: 'accept a certificate nobody vouches for (NODE_EXTRA_CA_CERTS names one of your own)' },
  timeout: { value: 'SECONDS', help: 'without a byte (default: 60)' },
  'max-requests': { value: 'N', help: 'send nothing at all if the run could need more' },
  'max-input-tokens': { value: 'N', help: 'likewise' },
  'max-output-tokens': { value: 'N', help: 'likewise' },
  'api-version': { value: 'VERSION', help: 'the anthropic-version to send (default: 2023-06-01)' },
  'small-model': { value: 'NAME', help: 'the model for background requests' },
  'allow-long': { help: 'send requests above 10,000 input tokens too' },
  host: { value: 'NAME', help: 'of a HAR, only the exchanges with this host' },
  'compare-chat': { help: 'ask /v1/chat/completions the same few things, and compare' },
  out: { value: 'DIR', help: `write ${outFiles.join(', ')} there` },
  fault: { value: 'ID', help: 'judge the built-in reference with this fault in front of it' },
  'upstream-port': { value: 'N', help: 'serve an upstream for the gateway on this port, and look at what reaches it' },
  'upstream-dialect': { value: 'messages|chat-completions', help: 'how the gateway speaks to it (default: messages)' },
  shard: {
    value: 'I/N|auto|auto/N',
    help: 'of the targets of a file, those of one of N runs; auto asks the variables of the engine',
  },
  history: { value: 'DIR', help: 'keep a record of the run there, and show what broke since when' },
  public: { help: 'for everybody: no links to reports, no folders' },
  'hide-hosts': { help: 'with --public: no addresses either' },
  'no-start': { help: 'the gateway of the target file runs already: start none' },
  arrivals: {
    value: 'messages|chat-completions',
    help: 'stand behind a gateway that is so spoken to, and show a check that names this address what arrives',
  },
  upstream: { value: 'URL', help: 'stand in front of this gateway instead of the reference' },
  log: { value: 'FILE', help: 'write what is said to it into a tape, which judge reads' },
  bodies: { value: 'shapes|text|all', help: 'how much of bodies the tape keeps (default: shapes)' },
  'allow-origin': { value: 'ORIGIN', many: true, help: 'pages of this origin may use it from a browser' },
  requests: { value: 'N', help: 'end after so many requests' },
  latency: { value: 'MS', help: 'wait so long before each answer' },
  'token-rate': { value: 'N', help: 'so many deltas of a stream a second' },
  variant: { value: 'ID', help: 'serve a legal variant of the reference' },
  port: { value: 'N', help: 'the port to listen on (default: 0, any free one)' },
  key: { value: 'KEY', help: 'the key the mock accepts' },
  'any-model': { help: 'accept any model name' },
  ci: { value: 'github', help: 'write the workflow that judges it every night too' },
  'no-run': { help: 'without the quick look' },
  lang: { value: languages.join('|'), help: 'the language of what a person reads (default: en)' },
  json: { help: 'for machines' },
  markdown: { help: 'for a pull request' },
  faults: { help: 'the faults instead of the requirements' },
  'faults-among': {
    typed: 'faults',
    value: 'ID-or-AREA,...',
    many: true,
    help: 'these gateways only; the area variants is all that differ legally (default: all)',
  },
  here: { help: 'run it in this folder, not in an empty one of its own' },
  help: { short: 'h', help: 'this text' },
  version: { short: 'V', help: 'the version of this tool' },
} as const satisfies Record<string, Option>

export type OptionName = keyof typeof options

/** How an option is typed, without its dashes. */
export function typedAs(name: OptionName): string {
  const option: Option = options[name]
  return option.typed ?? name
}

/** What was typed after the command: the options by name, and the words that are none. */
export interface Typed {
  readonly values: { readonly [name in OptionName]?: string }
  readonly lists: { readonly [name in OptionName]?: readonly string[] }
  readonly flags: ReadonlySet<OptionName>
  readonly words: readonly string[]
}

/** Every command has these. */
const everywhere: readonly OptionName[] = ['help', 'version']

/**
 * Reads the words after a command: its own options, `--help` and `--version`. Throws an InputError that names the option, never its
 * value: somebody may have typed a key.
 */
export function parseOptions(argv: readonly string[], own: readonly OptionName[], command: string): Typed {
  const allowed = [...own, ...everywhere]
  const config = Object.fromEntries(
    allowed.map((name) => {
      const { value, many, short }: Option = options[name]
      const type = value ? ('string' as const) : ('boolean' as const)
      return [typedAs(name), { type, multiple: many === true, ...(short !== undefined && { short }) }]
    }),
  )
  const { tokens } = parseArgs({
    args: [...argv],
    options: config,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  const values: { [name in OptionName]?: string } = {}
  const lists: { [name in OptionName]?: string[] } = {}
  const flags = new Set<OptionName>()
  const words: string[] = []
  for (const token of tokens) {
    if (token.kind === 'positional') words.push(token.value)
    if (token.kind !== 'option') continue
    const name = allowed.find((known) => typedAs(known) === token.name)
    if (!name) throw unknown(token.rawName, allowed.map(typedAs), command)
    const option: Option = options[name]
    const as = typedAs(name)
    if (!option.value) {
      if (token.value !== undefined) throw new InputError(`--${as} takes no value.`)
      flags.add(name)
      continue
    }
    if (token.value === undefined || token.value === '')
      throw new InputError(`--${as} needs a value: --${as} ${option.value}`)
    if (option.many) lists[name] = [...(lists[name] ?? []), token.value]
    else if (values[name] !== undefined) throw new InputError(`--${as} is there twice; once is enough.`)
    else values[name] = token.value
  }
  return { values, lists, flags, words }
}

/**
 * The items of a list option that takes several at once, separated by commas. Throws an InputError for an empty one: nothing named
 * would be everything.
 */
export function items(typed: Typed, name: OptionName): readonly string[] {
  const found = (typed.lists[name] ?? []).flatMap((item) => item.split(',')).map((item) => item.trim())
  const option: Option = options[name]
  const as = typedAs(name)
  if (found.includes('')) throw new InputError(`--${as} has an empty item; write --${as} ${option.value}`)
  return found
}

/** A whole number from `least` to `most`; throws an InputError that names the option. */
export function wholeNumber(typed: Typed, name: OptionName, least: number, most?: number): number | undefined {
  const text = typed.values[name]
  if (text === undefined) return undefined
  const number = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= (most ?? Number.MAX_SAFE_INTEGER)) return number
  const range = most === undefined ? `of at least ${least}` : `from ${least} to ${most}`
  throw new InputError(`--${name} takes a whole number ${range}.`)
}

/** One of a closed set; throws an InputError that lists them. */
export function oneOf<T extends string>(typed: Typed, name: OptionName, among: readonly T[]): T | undefined {
  const text = typed.values[name]
  if (text === undefined) return undefined
  const found = among.find((item) => item === text)
  if (!found) throw new InputError(`--${name} takes one of ${among.join(', ')}.`)
  return found
}

/** The language that was asked for. Throws an InputError where it is none of ours. */
export function languageOf(typed: Typed): Language {
  return oneOf(typed, 'lang', languages) ?? 'en'
}

/** Each of a list is one of a closed set; throws an InputError with the nearest one. */
export function eachOf<T extends string>(found: readonly string[], among: readonly T[], what: string): readonly T[] {
  return found.map((text) => {
    const known = among.find((item) => item === text)
    if (known) return known
    throw new InputError(noSuch(what, text, among))
  })
}

/** The --help lines of a command's options, those of every command last. `instead`: what some of them say of this command. */
export function helpLines(
  own: readonly OptionName[],
  instead: { readonly [name in OptionName]?: string } = {},
): readonly string[] {
  return [...own, ...everywhere].map((name) => {
    const { short, value, help }: Option = options[name]
    const head = `  ${short === undefined ? '' : `-${short}, `}--${typedAs(name)}${value ? ` ${value}` : ''}`
    const says = instead[name] ?? help
    return head.length < 34 ? `${head.padEnd(34)}${says}` : `${head}\n${' '.repeat(34)}${says}`
  })
}

function unknown(raw: string, allowed: readonly string[], command: string): InputError {
  const name = raw.split('=')[0]?.replace(/^-+/, '') ?? ''
  const near = nearest(name, allowed)
  // What resembles no option may be a key with a dash before it.
  const said = near === null ? 'of that name.' : `--${name}. Did you mean --${near}?`
  return new InputError(`${command} has no option ${said} See: ${command} --help`)
}
