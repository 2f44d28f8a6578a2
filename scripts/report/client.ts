import type { ClientReport, ClientState, ClientTried } from '../../schemas/types.ts'
import { clientStates } from '../../schemas/values.ts'
import { clip } from '../../suites/harness/views/finding.ts'
import { countStates, stopsUnheard } from '../client/conclude.ts'
import { printable } from './printable.ts'
import { fitted, padded, wrapped } from './width.ts'
import type { Words } from './words/en.ts'

const marks: Readonly<Record<ClientState, string>> = {
  'loses-silently': '✗',
  hangs: '✗',
  trips: '○',
  notices: '✓',
  survives: '✓',
  unharmed: '✓',
  'other-words': '✓',
  undetectable: '·',
  'not-provoked': '-',
}

/** The states of which each case is shown by itself, with what happened. */
const shownEach: readonly ClientState[] = ['loses-silently', 'hangs', 'trips', 'undetectable']

/** What a client did, as a person reads it: how often each state, what happened where something is wrong, and one last sentence. */
export function renderClient(report: ClientReport, words: Words, width: number): string {
  const { reference, tried, ending } = report
  const counts = countStates(tried)
  const provoked = tried.length - (counts.get('not-provoked') ?? 0)
  const states = clientStates.filter((state) => counts.has(state))
  const table = states.map((state) => {
    const count = String(counts.get(state)).padStart(4)
    return `${marks[state]} ${padded(words.trial.states[state], 28)}${count}  ${words.trial.means[state]}`
  })
  const parts = [
    words.trial.head(reference.requests, tried.length, provoked),
    table.join('\n'),
    ...shownEach.map((state) =>
      tried
        .filter((one) => one.state === state)
        .map((one) => block(one, words, width))
        .join('\n'),
    ),
    words.trial.reasons(counts, stopsUnheard(tried), ending).join('\n'),
  ]
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`
}

function block(one: ClientTried, words: Words, width: number): string {
  const { id, state, about, breaks } = one
  const broken = breaks.length > 0 ? words.aside(breaks.join(words.comma)) : ''
  const lines = [
    ...wrapped(
      `${marks[state]} ${words.trial.states[state]}${words.colon}${id}${words.colon}${about}${broken}`,
      2,
      width,
    ),
    ...happened(one, words).map((line) => `  ${fitted(printable(line), width - 2)}`),
  ]
  return lines.join('\n')
}

/** What was seen of a run, a line each. */
export function happened({ ran, stopped }: ClientTried, { trial }: Words): readonly string[] {
  if (ran === undefined) return []
  const { exit, requests, wrote, said } = ran
  return [
    trial.ended(exit, requests),
    ...(stopped === undefined ? [] : [trial.stopped(clip(stopped))]),
    ...(wrote === null ? [] : [trial.wrote(wrote.trim() === '' ? null : clip(wrote))]),
    ...(said === null ? [] : [trial.said(clip(said))]),
  ]
}
