import type {
  Behaviour,
  CapabilityState,
  ClientExit,
  ClientReport,
  ClientState,
  ClientStatus,
  Diagnosis,
  Dialect,
  Level,
  Outcome,
  Profile,
  Report,
  RunEnding,
  Spent,
  TappedClient,
  UnjudgedWhy,
  Unserved,
} from '../../../schemas/types.ts'
import { facts } from '../../../suites/facts.ts'
import type { Comparison } from '../../../suites/harness/compare/compare.ts'
import { clients, type Client } from '../../../suites/harness/judge/clients.ts'
import { promiseOf } from '../../../suites/harness/judge/profiles.ts'
import { ruleOf, type Source } from '../../../suites/harness/judge/source.ts'
import { counted, thousands } from '../../../suites/harness/wire/counted.ts'
import type { Cost } from '../../../suites/harness/gather/plan.ts'
import type { Misspoken } from '../../../suites/harness/wire/misspoken.ts'
import type { Target } from '../../../suites/harness/wire/target.ts'
import type { TappedWhy } from '../../../suites/run/tap/line.ts'
import { inWords } from '../printable.ts'
import { matrix } from './matrix-en.ts'

const outcomes: Readonly<Record<Outcome, string>> = {
  holds: 'holds',
  broken: 'broken',
  unjudged: 'not judged',
  'not-applicable': 'not applicable',
  noted: 'noted',
}

/** As the end of a sentence. */
const whys: Readonly<Record<UnjudgedWhy, string>> = {
  prerequisite: 'waits',
  'nothing-of-its-kind': 'had nothing to look at',
  'not-asked': 'was not asked',
  'not-recorded': 'is not in the recording',
  model: 'the model did not get there',
  'rate-limited': 'the gateway was busy',
  'no-answer': 'no answer came',
  error: 'could not be judged by a mistake of this tool',
}

/** What renderings say in English. */
export const en = {
  /** As HTML names it. */
  tag: 'en',
  /** What makes a command answer in this language. */
  option: '',
  comma: ', ',
  semicolon: '; ',
  colon: ': ',
  /** Between two sentences. */
  stop: '. ',
  /** An aside behind a word. */
  aside: (text: string): string => ` (${text})`,

  title: (id: string): string => facts.get(id)?.title ?? '',
  /** Why a requirement is there, which says so itself. */
  because: (_id: string, said: string): string => said,
  /** Why a protocol has no place for what a requirement asks, which says so in `why`. */
  hasNoPlace: (dialect: Dialect, why: string): string => `${dialect} has no place for it: ${why}`,
  rule: (source: Source): string => ruleOf(source),
  promise: (profile: Profile): string => promiseOf[profile],
  client: (name: Client): string => clients[name],
  workaround: (_client: string, said: string): string => said,
  /** What a client does to recover. */
  recovery: (_client: string, said: string): string => said,

  outcome: (outcome: Outcome): string => inWords(outcome),
  /** The heading of a column of counts. */
  outcomes,
  /** Behind a count. */
  outcomeCounted: (outcome: Outcome, count: number): string =>
    outcome === 'holds' && count !== 1 ? 'hold' : outcomes[outcome],
  state: (state: CapabilityState): string => inWords(state),
  /** The same in the lists of a terminal. */
  stateListed: (state: string): string => state,
  /** What the user of a client meets first where it breaks on these. */
  sees: (_ids: readonly string[], said: string): string => said,
  status: (status: ClientStatus): string => inWords(status),
  waived: 'waived',
  hint: 'a hint',
  advice: 'advice',

  onExchanges: (count: number, all: number): string => `on ${count} of ${all} exchanges`,
  notRead: (exchanges: string): string => `not read: ${exchanges}`,
  forItsSake: (count: number): string => `${count} not judged for its sake`,
  waitsFor: (ids: readonly string[]): string => `waits for ${ids.length > 0 ? ids.join(', ') : 'a valid Message'}`,
  why: (why: UnjudgedWhy): string => whys[why],
  takesDeclined: (capabilities: readonly string[]): string => `takes what is declined: ${capabilities.join(', ')}`,
  afterNotApplicable: 'what it comes after is not applicable',

  fields: {
    at: 'at',
    expected: 'expected',
    actual: 'actual',
    sent: 'sent',
    arrived: 'arrived',
    said: 'said',
    received: 'received',
    while: 'while',
    breaks: 'breaks',
    rule: 'rule',
    again: 'again',
    curl: 'curl',
    why: 'why',
    waived: 'waived',
  },
  /** Where two sides of a gateway were compared, how many exchanges were. */
  bothSides: (exchanges: number): string =>
    `Both sides were compared on ${counted(exchanges, 'exchange')}: what was sent with what arrived, what the upstream said with what came back.`,
  changedOnPurpose: (field: string, because: string, seen: boolean): string =>
    `${seen ? 'Changed on purpose' : 'Said to be changed on purpose, and was not'}: ${field} (${because}).`,
  place: (at: string, fixture: string, more: number): string =>
    `${at}, of ${fixture}${more > 0 ? ` (and ${more} more)` : ''}`,

  /** What an upstream of ours does meanwhile, as its quirk says it. */
  whileUpstream: (about: string): string => `the upstream ${about}`,

  /* What a run comes to. */
  reasons: (report: Report, _target: Target): readonly string[] => report.conclusion.reasons,
  diagnosis: (diagnosis: Diagnosis, _report: Report, _target: Target): string => diagnosis.sentence,
  nothingKnown: (isReference: boolean): string =>
    `Not proven: nothing can be said of ${isReference ? 'the reference' : 'this gateway'}.`,
  notProven: (holding: number, broken: number, unjudged: number): string =>
    `Not proven: ${holding === 1 ? '1 holds' : `${holding} hold`}, ${broken === 1 ? '1 is' : `${broken} are`} broken, ${unjudged === 1 ? '1 was' : `${unjudged} were`} not judged.`,
  partialLook: (judged: number, all: number, broken: number): string =>
    `${judged} of ${all} judged, ${broken === 0 ? 'none' : broken} broken: a partial look.`,
  waiversOutOfDate: (isReference: boolean, profile: Profile): string =>
    `${subject(isReference)} keeps the promises of ${profile}, but its waivers are out of date.`,
  broken: (isReference: boolean, profile: Profile): string =>
    `${subject(isReference)} does not keep the promises of ${profile}.`,
  /** `help`: what Claude Code is told to do. */
  kept: (isReference: boolean, profile: Profile, help: string | undefined): string =>
    `${subject(isReference)} keeps the promises of ${profile}: ${promiseOf[profile]}${help === undefined ? '' : `; for Claude Code, ${help}`}.`,
  nothingHolds: 'No profile holds.',
  whatHolds: (reached: Profile): string => `What holds is ${reached}: ${promiseOf[reached]}.`,
  sent: (requests: number): string => `${counted(requests, 'request')} ${requests === 1 ? 'was' : 'were'} sent.`,
  spent: ({ requests, inputTokens, outputTokens }: Spent): string =>
    `${counted(requests, 'request')}, at most ${thousands(inputTokens)} input and ${thousands(outputTokens)} output tokens.`,

  /* The terminal. */
  noGateway: (fault: string | undefined): string =>
    `No gateway was named, so this judges the built-in reference${fault ? `, with the fault ${fault} in front of it` : ''}.`,
  recording: (file: string, exchanges: number, endedEarly: RunEnding | null): string =>
    `${file}: ${counted(exchanges, 'exchange')}.${endedEarly ? ` The run it is of ended early: ${endedEarly}.` : ''}`,
  curlElsewhere: 'As a curl, too: --curl shows it here, --out DIR in the reports.',
  notJudged: 'Not judged',
  unjudgedLine: (reason: string, ids: readonly string[]): string => `${reason} (${ids.length}): ${ids.join(', ')}`,
  nothingCompared: (actual: string): string => `Nothing was compared: /v1/chat/completions answered ${actual}.`,
  capabilities: 'Capabilities',
  clients: 'Clients',
  brokenOn: (ids: string): string => ` on ${ids}`,
  recoversFrom: (ids: string): string => ` from ${ids}`,
  /** Behind a state, and behind a claim. */
  notMeasured: 'our opinion',
  measuredWith: (version: string, date: string): string => `measured: ${version}, ${date}`,
  /** Who else suffers where a requirement is broken, behind those that were measured to break. */
  breaksInOpinion: (clients: string): string => `in our opinion ${clients}`,
  recovering: (clients: string): string => `recovers: ${clients}`,
  notAsked: 'Not asked',
  costOf: ({ requests, paidRequests, outputTokens }: Cost): string =>
    `${counted(requests, 'request')}, ${paidRequests} of them paid, at most ${thousands(outputTokens)} output tokens`,
  waiverEnds: (id: string, until: string): string => `The waiver for ${id} ends on ${until}.`,
  judgeYours: 'Judge yours:   ',
  seeItFail: 'See it fail:   ',
  acceptedAs: (baseUrl: string, auth: string): string =>
    `${baseUrl} accepts the key as ${auth} only, and was judged with that.`,
  progress: (
    requests: number,
    planned: number,
    outputTokens: number,
    first: string | undefined,
    others: boolean,
  ): string =>
    `${requests} of ${counted(planned, 'request')}, at most ${thousands(outputTokens)} output tokens${first === undefined ? '' : `; waiting for ${first}${others ? ' and others' : ''}`}`,
  nothingWritten: 'Nothing was written: only a whole run that was carried out says what a gateway has.',
  requires: (file: string): string => `${file} now requires what was shown.`,
  proposes: (file: string, until: string): string =>
    `${file} proposes waivers until ${until}; each is refused until its "because" says why.`,

  /* Several targets. */
  matrix,
  notComeTo: (left: number, asked: number): string =>
    `${left} of ${asked} targets ${left === 1 ? 'was' : 'were'} not come to.`,
  notEveryTarget: 'Not proven: not every target could be judged.',
  targetsInPart: (failing: number, all: number): string =>
    `${failing === 0 ? 'None' : failing} of ${all} targets ${failing === 1 ? 'breaks' : 'break'} something that was looked at: a partial look.`,
  targetsBroken: (failing: number, all: number): string =>
    `${failing} of ${all} targets ${failing === 1 ? 'does not keep its' : 'do not keep their'} promises.`,
  targetsKept: (all: number): string => `All ${all} targets keep the promises they were asked for.`,

  /* summary.md and report.html. */
  reference: (fault: string | undefined): string => `the built-in reference${fault ? `, with the fault ${fault}` : ''}`,
  model: (url: string, model: string): string => `${url}, model ${model}`,
  area: 'area',
  brokenHeading: 'Broken',
  entry: (at: string, fixture: string, expected: string, actual: string): string =>
    `: at ${at} of ${fixture}, expected ${expected}, got ${actual}`,
  /** The same, where two sides of a gateway were compared. */
  entryOf: {
    request: (at: string, fixture: string, sent: string, arrived: string): string =>
      `: at ${at} of ${fixture}, sent ${sent}, arrived ${arrived}`,
    answer: (at: string, fixture: string, said: string, received: string): string =>
      `: at ${at} of ${fixture}, the upstream said ${said}, the client received ${received}`,
  },
  clientColumns: ['client', '', 'because of', 'workaround'],
  waivedHeading: 'Waived',
  waiver: (because: string, until: string): string => `${because}, until ${until}`,
  html: {
    exitCode: (code: number): string => `Exit code ${code}.`,
    ladder: 'The ladder',
    areas: 'Areas',
    causes: 'What is wrong',
    brokenOf: (level: Level): string => `broken ${level}`,
    on: (count: number): string => `on ${count}`,
    /** What could not be judged for the sake of a breach. */
    hides: (count: number): string => `this hides ${count}`,
    moreBroken: (count: number): string => `and ${count} more below`,
    rest: 'other',
    all: 'All requirements',
    nothing: 'Nothing.',
    client: 'client',
    state: 'state',
    becauseOf: 'because of',
    profile: 'profile',
    promise: 'promise',
    capability: 'capability',
    outcome: 'outcome',
    level: 'level',
    requirement: 'requirement',
    notAsked: 'not asked',
    notProven: 'not proven',
    inPart: 'looked at in part',
    reached: 'reached',
    notReached: 'not reached',
    filter: 'Filter requirements',
    find: 'Find',
    findWhat: 'id or words',
    showAll: 'Show all',
    /** Filled in by the page itself: how many, and of how many. */
    shown: '{shown} of {all} requirements shown',
    moreExchanges: (count: number): string => `${count} more ${count === 1 ? 'exchange' : 'exchanges'}`,
    again: 'See it again',
    request: 'The request',
    sides: {
      sent: 'Sent to the gateway',
      arrived: 'Arrived at the upstream',
      said: 'Answered by the upstream',
      received: 'Received from the gateway',
    },
    noAnswer: (failure: string, detail: string): string => `No answer came: ${failure}${detail ? `, ${detail}` : ''}.`,
    unreadable: (bytes: number, detail: string): string => `${counted(bytes, 'byte')} that cannot be read: ${detail}`,
    answer: 'The answer',
    answerAsItCame: 'The answer, as it came',
    andMore: ' ... and more',
    moreHeaders: (count: number): string => `... and ${count} more, on the tape`,
    moreOnTape: '... and more, on the tape',
    stream: (events: number, isWhole: boolean): string =>
      `The stream: ${isWhole ? '' : 'its first '}${counted(events, 'event')}`,
    streamList: 'Events of the stream',
    sent: 'request sent',
    end: (milliseconds: number): string => `the end, after ${milliseconds} ms`,
    moreEvents: (count: number): string => `${count} more ${count === 1 ? 'event' : 'events'}`,
    noName: '(no name)',
    brokenHere: 'broken here',
  },

  /* tap. */
  tap: {
    upstream: 'upstream',
    use: (url: string): string =>
      `Give your client this Base URL, and the key of the gateway. Claude Code: ANTHROPIC_BASE_URL=${url}`,
    stream: 'stream',
    nothing: '-',
    holds: (count: number): string => (count === 0 ? 'nothing to judge in it' : `${count} hold`),
    notJudged: {
      behind: 'not judged, behind',
      'too-large': 'not judged, larger than is kept',
      'hung-up': 'not judged, the client left',
      'no-answer': 'not judged, no answer came',
      busy: 'not judged, the gateway was busy',
      error: 'not judged, by a mistake of this tool',
    } satisfies Record<TappedWhy, string>,
    unserved: {
      refused: 'a request that fits the schema was refused',
      failed: 'a request that fits the schema failed',
      busy: 'a request that fits the schema met a busy gateway',
      unauthorised: 'the credential was not accepted',
      unanswered: 'a request that fits the schema got no answer',
    } satisfies Record<Unserved, string>,
    did: (kind: Behaviour, changed: readonly string[]): string => {
      if (kind === 'lost-thinking') return 'sent a turn back without its thinking'
      if (kind === 'went-on') return 'went on all the same'
      if (kind === 'left') return 'asked nothing more'
      const other = changed.length > 0 ? `, ${changed.join(', ')} changed` : ''
      if (kind === 'fell-back') return `asked again without stream${other}`
      return changed.length > 0 ? `asked again${other}` : 'asked the same again'
    },
    after: (exchange: string, because: string): string => `after ${exchange}${because === '' ? '' : ` (${because})`}`,
    turnedAway: (message: string): string => `A request was turned away: ${message}`,
    misspoke: (how: Misspoken, url: string): string =>
      how === 'tls'
        ? `A client spoke TLS to this tap, which speaks plain HTTP on this machine only: give it ${url}`
        : `A client spoke HTTP/2 to this tap, which speaks HTTP/1.1 only: let it speak that.`,
    clients: 'Clients that passed',
    client: (name: string, { sessions, exchanges, judged, broken, behind, unseen }: TappedClient): string =>
      [
        `${name}: ${counted(exchanges, 'exchange')}${sessions > 0 ? ` in ${counted(sessions, 'session')}` : ''}`,
        `${judged} judged`,
        `${broken === 0 ? 'none' : broken} broken`,
        ...(behind > 0 ? [`${behind} not judged since judging was behind`] : []),
        ...(unseen > 0 ? [`${unseen} larger than is kept`] : []),
      ].join(', '),
    on: (exchanges: number, first: string): string =>
      exchanges === 1 ? `in ${first}` : `in ${exchanges} exchanges, first ${first}`,
    columns: ['client', 'what it met', 'where'] as [string, string, string],
  },

  /* client. */
  trial: {
    states: {
      notices: 'notices',
      survives: 'survives',
      unharmed: 'unharmed',
      'loses-silently': 'loses something silently',
      undetectable: 'undetectable',
      hangs: 'hangs',
      trips: 'trips over something legal',
      'other-words': 'other words',
      'not-provoked': 'not provoked',
    } satisfies Record<ClientState, string>,
    means: {
      notices: 'it fails, says so, or still asks again when its time is over',
      survives: 'it asks again or otherwise, and ends as on the reference',
      unharmed: 'it met it, and ends as on the reference',
      'loses-silently': 'it ends well, with something else than on the reference, and without a word',
      undetectable: 'the same, where nothing in the answers shows it',
      hangs: 'it neither ends nor asks again',
      trips: 'it fails, or ends otherwise, though it was told the same',
      'other-words': 'it ends well, with the words it was told there, legally',
      'not-provoked': 'it asks nothing that is answered otherwise there',
    } satisfies Record<ClientState, string>,
    progress: (done: number, all: number): string => `${done} of ${all} runs`,
    head: (requests: number, all: number, provoked: number): string =>
      `On the reference the command sends ${counted(requests, 'request')}. Of ${counted(all, 'gateway')}, ${provoked} would answer otherwise: it was run on those.`,
    ended: (exit: ClientExit, requests: number): string => {
      const sent = counted(requests, 'request')
      if (exit.kind === 'time') return `did not end in its time, after ${sent}`
      return exit.kind === 'code' ? `exit code ${exit.code}, after ${sent}` : `ended by ${exit.signal}, after ${sent}`
    },
    stopped: (reason: string): string => `its stop_reason says so: ${reason}`,
    wrote: (line: string | null): string =>
      line === null ? 'wrote less than on the reference' : `wrote another line: ${line}`,
    said: (line: string): string => `said: ${line}`,
    /** `stops`: the stop_reason of each gateway that told so of what was lost. */
    reasons: (
      counts: ReadonlyMap<ClientState, number>,
      stops: readonly string[],
      ending: ClientReport['ending'],
    ): readonly string[] => {
      const lost = counts.get('loses-silently') ?? 0
      const hung = counts.get('hangs') ?? 0
      const met = [...counts].filter(([state]) => state !== 'not-provoked').reduce((sum, [, count]) => sum + count, 0)
      if (ending === 'interrupted') return ['Interrupted: the command was not run on all of them.']
      if (met === 0) return ['Nothing was told: what the command asks is answered alike by all of them.']
      if (lost + hung === 0) return [`Nothing is lost silently, and nothing hangs: ${counted(met, 'gateway')}.`]
      return [
        ...(lost > 0 ? [`The command loses something silently on ${counted(lost, 'gateway')}.`] : []),
        ...(stops.length > 0
          ? [
              `The stop_reason said so on ${stops.length === lost ? 'each' : stops.length} of them: ${[...new Set(stops)].join(', ')}.`,
            ]
          : []),
        ...(hung > 0 ? [`The command hangs on ${counted(hung, 'gateway')}.`] : []),
      ]
    },
  },

  /* diff. */
  diff: {
    nowBroken: 'Now broken',
    noLongerJudged: 'No longer judged',
    nowHolds: 'Now holds',
    newlyJudged: 'Judged now, and not before',
    drift: 'Drift that breaks no promise',
    cannotBeTold: 'Cannot be told',
    notes: ({ notes }: Comparison): readonly string[] => notes,
    doubts: ({ inconclusive }: Comparison): readonly string[] => inconclusive,
    change: (name: string, before: string, now: string): string => `${name}: was ${before}, is ${now}`,
    /** An outcome as `unjudged (model)`. */
    said: (said: string): string => said,
    newly: (id: string, now: string): string => `${id}: ${now}`,
    broken: (id: string, at: string, fixture: string, expected: string, actual: string): string =>
      `${id}: at ${at}, of ${fixture}: expected ${expected}, got ${actual}`,
    breaks: (clients: readonly string[]): string => `; breaks ${clients.join(', ')}`,
    flapping: (changes: number): string => ` (flapping: changed ${changes} times)`,
    worse: (broken: number): string =>
      broken > 0 ? `Worse: ${broken} now broken.` : 'Worse: a capability that was shown is gone.',
    notProven: 'Not proven: the two runs cannot be compared in full.',
    better: (count: number): string => `Better: ${count} now ${count === 1 ? 'holds' : 'hold'}, and nothing is worse.`,
    drifted: 'Nothing is worse; some things drifted.',
    same: 'Nothing changed.',
  },

  /* plan, list and explain. */
  plan: {
    request: 'request',
    input: 'input',
    output: 'output',
    free: (about: string): string => `free: ${about}`,
    cost: ({ requests, inputTokens, outputTokens }: Cost, free: number): string =>
      `${counted(requests, 'request')}, ${free} of them free, at most ${thousands(inputTokens)} input and ${thousands(outputTokens)} output tokens; a model that does not get there is asked once more.`,
    behind: (dialect: Dialect, requirements: number, again: number, ways: number): string =>
      `${counted(requirements, 'requirement')} ${requirements === 1 ? 'needs' : 'need'} the upstream, which is ours and is spoken to in ${dialect}: behind the gateway nobody is paid.${again === 0 ? '' : ` Of the requests, ${again} ask again while it speaks otherwise, in ${counted(ways, 'way')}.`}`,
  },
  list: {
    fault: 'Faults',
    failure: 'Right ways to fail',
    variant: 'Legal variants (mock --variant ID)',
    sides: { request: 'sent and arrived', answer: 'said and received' },
  },
  explain: {
    bindsFrom: (level: string, profile: Profile): string => `  (${level}, from ${profile} up)`,
    why: 'Why',
    compares: 'Compares',
    sides: {
      request: 'what was sent to the gateway with what arrived at its upstream',
      answer: 'what the upstream said with what the client received',
    },
    judgedBehind: (dialect: Dialect): string =>
      `Judged in front of an upstream of ours that is spoken to in ${dialect}`,
    noPlace: 'Not applicable',
    breaks: 'Who breaks',
    recovers: 'Who recovers',
    rests: 'Rests on',
    after: 'Comes after',
    shown: 'Shown by',
    brokenBy: 'Broken by',
    metIn: (url: string): string => `met in ${url}`,
  },
}

/** All that renderings say, in one language: what English says, every language does. */
export type Words = typeof en

function subject(isReference: boolean): string {
  return isReference ? 'The built-in reference' : 'This gateway'
}
