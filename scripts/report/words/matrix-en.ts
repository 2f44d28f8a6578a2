import type { DiagnosisKind, MatrixConclusion, MissingReport, TrendRequirement } from '../../../schemas/types.ts'

/** Why a run ended before it was done, in a few words. */
const stopped: Readonly<Record<DiagnosisKind, string>> = {
  refused: 'refuses connections',
  unresolved: 'its name cannot be resolved',
  certificate: 'its certificate is not trusted',
  reset: 'closed the connection',
  timeout: 'did not answer',
  'not-http': 'does not speak HTTP',
  proxy: 'the proxy did not let it through',
  interrupted: 'interrupted',
  credential: 'the key was not accepted',
  forbidden: 'forbidden',
  balance: 'the balance is used up',
  busy: 'busy',
  'upstream-down': 'its upstream is down',
  'upstream-unasked': 'the upstream was never asked',
  'upstream-refused': 'its upstream refused',
  unserved: 'serves no request',
  redirect: 'redirects',
  'web-page': 'a web page answered',
  'no-route': 'no such path',
  'no-model': 'does not serve the model',
  budget: 'would have cost more than allowed',
  deadline: 'the time was up',
  lost: 'stopped answering in mid-run',
  error: 'a mistake of this tool',
}

const missing: Readonly<Record<MissingReport['why'], string>> = {
  'no-folder': 'is not there',
  'no-report': 'holds no report',
  'cut-short': 'holds a run that did not get to its report',
  'no-json': 'holds a report.json that is no JSON',
  unknown: 'holds a report.json that this version does not know',
}

/** What is said of several targets in English. */
export const matrix = {
  target: 'target',
  model: 'model',
  exit: 'exit',
  reached: 'reached',
  broken: 'broken',
  title: 'All targets',
  exits: { 0: 'keeps', 1: 'breaks', 2: 'not proven' } as Record<0 | 1 | 2, string>,
  /** What a partial look that found nothing is called in place of `keeps`. */
  inPart: 'none broken, in part',
  worseHeading: 'Got worse',
  brokenHeading: 'Broken',
  notProvenHeading: 'Not proven',
  missingHeading: 'Missing',
  unlike: 'Capabilities that not all have',
  stopped: (kind: DiagnosisKind): string => stopped[kind],
  waiversOutOfDate: 'its waivers are out of date',
  unanswered: 'a must got no answer',
  missing: (folder: string, why: MissingReport['why']): string => `${folder} ${missing[why]}.`,
  more: (count: number): string => `and ${count} more`,
  musts: (count: number): string => `${count} must`,
  shoulds: (count: number): string => `${count} should`,
  /** Of a client or a capability: in which state it is, and with whom. */
  with: (state: string, names: string): string => `${state}: ${names}`,
  withCount: (state: string, count: number): string => `${state}: ${count}`,
  counts: ({ kept, broken, notProven }: MatrixConclusion): string =>
    `${kept} ${kept === 1 ? 'keeps its' : 'keep their'} promises, ${broken} ${broken === 1 ? 'breaks' : 'break'} them, ${notProven} not proven`,
  worse: (count: number): string => `${count} got worse`,
  missingCount: (count: number): string => `${count} missing`,
  profile: 'profile',
  lastRun: 'last run',
  clients: 'Clients',
  areas: 'Areas',
  capabilities: 'Capabilities',
  everywhere: 'What is broken, and where',
  requirement: 'requirement',
  targets: 'targets',
  trend: 'Since when',
  nothingBroke: 'Nothing was broken in these runs.',
  noneProven: 'None of these runs proved anything.',
  runs: (count: number, from: string, to: string): string => `${count} runs, ${from} to ${to}`,
  run: (number: number, all: number): string => `run ${number} of ${all}`,
  since: ({ is, changes }: TrendRequirement, run: string, when: string): string =>
    is === 'flapping'
      ? `flapping: changed ${changes} times`
      : changes === 0
        ? `broken in all of them`
        : is === 'broken'
          ? `broken since ${run}, ${when}`
          : `mended in ${run}, ${when}`,
  flapping: 'flapping',
  firstToken: 'time to first token',
  longestGap: 'longest gap in a stream',
  milliseconds: (value: number): string => `${Math.round(value)} ms`,
  lastOf: (value: string, least: string, most: string): string => `${value}, from ${least} to ${most}`,
  find: 'Find',
  findWhat: 'target, model, requirement',
  filter: 'Filter targets',
  showAll: 'Show all',
  /** Filled in by the page itself. */
  shown: '{shown} of {all} targets shown',
  legend: 'Every cell leads to its place in the report.',
  areaCell: (broken: number, holds: number, others: number): string =>
    `${broken} broken, ${holds} hold, ${others} neither`,
  noReport: 'no report',
  strange: (folder: string, count: number): string =>
    `${folder}: ${count} ${count === 1 ? 'line is' : 'lines are'} no record that this version knows, and left out.`,
}
