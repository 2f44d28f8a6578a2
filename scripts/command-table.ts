import { InputError } from '../suites/harness/wire/input-error.ts'
import type { GuardedIo } from './guarded.ts'
import type { Io, PrintingIo } from './io.ts'
import { noSuch } from './nearest.ts'
import type { OptionName, Typed } from './options.ts'
import { clientFiles, matrixFiles, runsFolder } from './report/files.ts'

/** What a command does once its options are read. Returns the exit code. */
export interface Command<Prints extends Io> {
  readonly run: (typed: Typed, io: Prints) => Promise<number>
}

/** What meets keys prints by a guard; what does not need not wait for what finds them. */
type Loading =
  | { readonly meetsKeys: true; readonly load: () => Promise<Command<GuardedIo>> }
  | { readonly meetsKeys: false; readonly load: () => Promise<Command<PrintingIo>> }

const names = [
  'init',
  'check',
  'plan',
  'judge',
  'diff',
  'merge',
  'mock',
  'tap',
  'client',
  'convert',
  'list',
  'explain',
] as const

export type CommandName = (typeof names)[number]

/** What --help says of a command, in one language. */
export interface CommandHelp {
  /** Its line in the list of commands. */
  readonly about: string
  /** What stands between its first line of --help and its options. */
  readonly usage: string
  /** Its own line for options that say something else of other commands. */
  readonly help?: { readonly [name in OptionName]?: string }
}

/** A command, as far as it is known before it is loaded: --help must not wait for the catalogue. */
export type CommandFacts = CommandHelp & {
  readonly name: CommandName
  /** In the order of --help; `help` and `version` are every command's. */
  readonly options: readonly OptionName[]
  /** It takes words beside its options, and looks at them itself. */
  readonly words: boolean
} & Loading

/** The options that say which gateway is meant. */
const targetOptions: readonly OptionName[] = [
  'base-url',
  'model',
  'key-env',
  'auth',
  'key-header',
  'header',
  'header-env',
  'api-version',
  'small-model',
  'allow-self-signed',
]

/** The options that say what is looked at. */
const selectionOptions: readonly OptionName[] = [
  'profile',
  'require',
  'lacks',
  'strict',
  'only',
  'quick',
  'fixture',
  'allow-long',
]

const limitOptions: readonly OptionName[] = [
  'concurrency',
  'timeout',
  'deadline',
  'wait',
  'max-requests',
  'max-input-tokens',
  'max-output-tokens',
]

/** Every command there is. */
export const commands: readonly CommandFacts[] = [
  {
    name: 'init',
    about: 'ask three things about a gateway, write a target file, and have a quick look',
    usage: `
  messages-conformance init
  messages-conformance init --base-url https://gateway.example --key-env ACME_KEY --model NAME --ci github

It asks what no option answers: the Base URL, the variable that holds the key, the model. No file is written over.
`,
    options: ['base-url', 'key-env', 'model', 'auth', 'target', 'ci', 'no-run'],
    help: { target: `the file to write (default: conformance.json)` },
    words: false,
    meetsKeys: true,
    load: () => import('./commands/init.ts'),
  },
  {
    name: 'check',
    about: 'send a small set of requests to a gateway and judge what comes back (the default)',
    usage: `
  messages-conformance check --base-url https://gateway.example --model NAME
  messages-conformance check --target gateways.json
  messages-conformance check                      judges the built-in reference gateway
`,
    options: [
      ...targetOptions,
      'target',
      ...selectionOptions,
      'compare-chat',
      'upstream-port',
      'upstream-dialect',
      'no-start',
      'shard',
      'history',
      ...limitOptions,
      'quiet',
      'curl',
      'lang',
      'out',
      'write-target',
      'write-waivers',
      'fault',
    ],
    words: true,
    meetsKeys: true,
    load: () => import('./commands/check.ts'),
  },
  {
    name: 'plan',
    about: 'what check would send, and at most what it would cost; sends nothing',
    usage: `
  messages-conformance plan --profile claude-code
  messages-conformance plan --target gateways.json
  messages-conformance plan --upstream-dialect chat-completions
`,
    options: ['target', ...selectionOptions, 'compare-chat', 'upstream-port', 'upstream-dialect', 'lang', 'json'],
    help: {
      target: 'plan for each gateway that this file names',
      'upstream-port': 'plan for an upstream of ours that stands behind the gateway',
      'upstream-dialect': 'plan for one that is spoken to in this protocol',
      profile: 'the rung of the ladder to plan for (default: sdk)',
      require: 'capabilities that must be there: always asked',
      lacks: 'capabilities it is known not to have: not asked',
      strict: 'changes nothing here: it fails what is judged, and nothing is',
      'allow-long': 'plan requests above 10,000 input tokens too',
      'compare-chat': 'plan what is asked of /v1/chat/completions too',
    },
    words: false,
    meetsKeys: false,
    load: () => import('./commands/plan.ts'),
  },
  {
    name: 'judge',
    about: 'judge a recorded tape or a HAR again, sending nothing',
    usage: `
  messages-conformance judge conformance/         a folder of --out: its tape
  messages-conformance judge conformance/tape.jsonl
  messages-conformance judge traffic.har --only streaming
`,
    options: [...selectionOptions, 'host', 'lang', 'out'],
    help: {
      profile: 'the rung of the ladder to judge by (default: that of the tape; sdk for a HAR)',
      lacks: 'capabilities it is known not to have: a breach where required',
      quick: 'a partial look: what the requests of check --quick say',
      fixture: 'a partial look: what these requests say',
      'allow-long': 'judge what needs requests above 10,000 input tokens too',
    },
    words: true,
    meetsKeys: true,
    load: () => import('./commands/judge.ts'),
  },
  {
    name: 'diff',
    about: 'what changed between two runs, both judged by this version',
    usage: `
  messages-conformance diff yesterday/ today/     two folders of --out, or two tapes

Exit 1 where something that held is broken or a capability is gone, 2 where that cannot be told, else 0.
`,
    options: ['only', 'profile', 'history', 'lang', 'markdown', 'json'],
    help: {
      history: 'mark what flaps in the records there: it changed three times or more',
      only: 'compare these requirements only',
      profile: 'the rung of the ladder to judge both by (default: full)',
    },
    words: true,
    meetsKeys: true,
    load: () => import('./commands/diff.ts'),
  },
  {
    name: 'merge',
    about: 'several runs as one matrix: who keeps, who breaks, and since when',
    usage: `
  messages-conformance merge runs/ --out fleet    folders of --out, or folders of those
  messages-conformance merge shard-1/ shard-2/ shard-3/
  messages-conformance merge runs/2026-11-24/ runs/2026-11-25/

A row a target, by its newest run; older ones show what broke since when. A run counts once, however often it is found.
Exit 1 where a target is broken; else 2 where one is not proven, or a report is missing or was cut short; else 0.
`,
    options: ['out', 'history', 'public', 'hide-hosts', 'lang', 'json'],
    help: {
      out: `write ${matrixFiles.join(', ')} there`,
      history: 'add these runs to the records there, and show what broke since when',
      json: 'the matrix as one object, on standard output',
    },
    words: true,
    meetsKeys: true,
    load: () => import('./commands/merge.ts'),
  },
  {
    name: 'mock',
    about: 'serve the built-in reference gateway on loopback, right or faulty',
    usage: `
  messages-conformance mock --port 4010
  messages-conformance mock --fault streaming/no-message-stop
  messages-conformance mock --fault upstream/overloaded:first=2     the first two requests only; or :from=3
  messages-conformance mock --fault tools/input-in-start --upstream https://gateway.example
  messages-conformance mock --arrivals chat-completions --port 4010

It serves until it is interrupted. Its first line is the Base URL; then the key and the model. Any other key gets 401, any
other model 404. A request chooses a fault for itself by the header x-mock-fault: ID, or, where a gateway stands in between,
by the words [mock-fault: ID] in its last message. What a request that it refuses has left over of Chat Completions, it names
on standard error.

In front of an upstream the key and the model are those of the upstream. A fault that changes a whole Message asks it twice.
With --arrivals it is itself the upstream of a gateway, under the key that it prints: a target file names its address as
"upstream": { "dialect": ..., "url": ... }, and one check at a time is shown what arrives, on this machine only.
`,
    options: ['port', 'key', 'any-model', 'fault', 'variant', 'upstream', 'arrivals', 'latency', 'token-rate', 'log'],
    help: { fault: 'serve with this fault; ID:first=N or ID:from=N for some requests only' },
    words: false,
    meetsKeys: true,
    load: () => import('./commands/mock.ts'),
  },
  {
    name: 'tap',
    about: 'stand between a real client and a gateway, and judge what passes',
    usage: `
  messages-conformance tap --upstream https://gateway.example --port 4011
  messages-conformance tap --upstream https://gateway.example --out tapped --bodies text

Give a client the Base URL that is its first line, and the key of the gateway. Everything goes through as it comes, both ways, and
each exchange is judged when it ends: a line for each, and the reports of a check at the end, with what each client met and did.
It ends when it is interrupted, or after --requests. It listens on 127.0.0.1, holds no key, and writes no credential down.
The tape keeps the shapes of bodies only; --bodies text keeps them without pictures and documents, --bodies all as they are.
`,
    options: [
      'upstream',
      'port',
      'out',
      'bodies',
      'requests',
      'profile',
      'only',
      'strict',
      'allow-origin',
      'allow-self-signed',
      'lang',
    ],
    help: {
      upstream: 'the one gateway that everything goes to, as an SDK takes it: without /v1',
      profile: 'the rung of the ladder to judge by (default: full)',
      strict: 'a broken should fails too',
    },
    words: false,
    meetsKeys: true,
    load: () => import('./commands/tap.ts'),
  },
  {
    name: 'client',
    about: 'run a client against broken gateways: does it notice, does it survive',
    usage: `
  messages-conformance client -- node agent.mjs
  messages-conformance client --faults streaming,tools/end-turn -- claude -p "What is in README.md?"

Runs the command twice on the reference, where it has to end well and write the same, and then once on each gateway that would
answer its requests otherwise: faults, failures, and legal variants. Ids, times, durations and addresses may differ.
The command finds its gateway in ANTHROPIC_BASE_URL, its key in ANTHROPIC_API_KEY or by --auth bearer in ANTHROPIC_AUTH_TOKEN, its
model in ANTHROPIC_MODEL, or all of them by {baseUrl}, {key} and {model} among its words. It runs in an empty folder, with an empty
home, and of your environment it gets PATH and the language only; a word that names a file here is given as its whole path.

What it does is one of these. It notices: it fails, or says so on standard error; survives: it asks again or otherwise, and ends as
on the reference; is unharmed; loses something silently; hangs. Where nothing in the answers shows what is lost, it is undetectable;
where it fails or ends otherwise on a variant, it trips over something legal, which fails nobody.
Exit 1 where something is lost silently or it hangs, 2 where that cannot be told, else 0.
`,
    options: ['faults-among', 'model', 'auth', 'here', 'timeout', 'concurrency', 'quiet', 'lang', 'out'],
    help: {
      auth: 'x-api-key: the key is in ANTHROPIC_API_KEY (the default); bearer: in ANTHROPIC_AUTH_TOKEN',
      model: 'what the model is called (default: claude-reference); any other name is served too',
      timeout: 'for one run (default: 30)',
      concurrency: 'runs under way at once (default: 4)',
      out: `write ${clientFiles.join(', ')} there, and under ${runsFolder} what each run wrote`,
    },
    words: true,
    meetsKeys: true,
    load: () => import('./commands/client.ts'),
  },
  {
    name: 'convert',
    about: 'a request body of Chat Completions as one of Messages, and what has no counterpart',
    usage: `
  messages-conformance convert body.json > messages.json
  program | messages-conformance convert -        from standard input

The body for POST /v1/messages goes to standard output; what is not in it, or in it in another way, to standard error.
Exit 2 where something that was said is not in it, or the API would refuse it.
`,
    options: ['json'],
    help: { json: 'one object with request, notes and refused, on standard output' },
    words: true,
    meetsKeys: false,
    load: () => import('./commands/convert.ts'),
  },
  {
    name: 'list',
    about: 'the requirements, or the faults that break them',
    usage: `
  messages-conformance list                       all requirements
  messages-conformance list streaming stop        those whose id has one of these words in it
  messages-conformance list --faults tools        the faults that have it in their id, or break such a requirement
`,
    options: ['lang', 'json', 'faults'],
    words: true,
    meetsKeys: false,
    load: () => import('./commands/list.ts'),
  },
  {
    name: 'explain',
    about: 'one requirement: what it says, why, who breaks, and how it is shown',
    usage: `
  messages-conformance explain streaming/ends
`,
    options: ['lang'],
    words: true,
    meetsKeys: false,
    load: () => import('./commands/explain.ts'),
  },
]

/** The command of that name. Throws an InputError with the nearest one. */
export function commandNamed(word: string): CommandFacts {
  const found = commands.find(({ name }) => name === word)
  if (found) return found
  throw new InputError(`${noSuch('command', word, names)} See: messages-conformance --help`)
}
