import { failures } from '../../fixtures/gateways/failures.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { variants } from '../../fixtures/gateways/variants.ts'
import { catalogue } from '../../suites/catalogue.ts'
import { exchangesOf } from '../../suites/harness/gather/plan.ts'
import type { Io } from '../io.ts'
import { helpLines, parseOptions, type OptionName } from '../options.ts'

const allowed: readonly OptionName[] = ['json', 'faults', 'help']

const help = `list: the requirements, or with --faults what the proof breaks them with

${helpLines(allowed).join('\n')}
`

/** Prints the catalogue. Returns the exit code. */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  const typed = parseOptions(argv, allowed, 'list')
  if (typed.flags.has('help')) io.out(help)
  else if (typed.flags.has('json'))
    io.out(`${JSON.stringify(typed.flags.has('faults') ? listedFaults() : listed(), null, 2)}\n`)
  else io.out(typed.flags.has('faults') ? faultLines() : requirementLines())
  return 0
}

function listed() {
  return catalogue.map((requirement) => ({
    id: requirement.id,
    level: requirement.level,
    profile: requirement.profile,
    title: requirement.title,
    because: requirement.because,
    breaks: requirement.breaks,
    source: requirement.source,
    fixtures: exchangesOf(requirement),
    faults: faults.filter(({ breaks }) => breaks.includes(requirement.id)).map(({ id }) => id),
  }))
}

/**
 * Faults, and the right ways to fail. `client`: what a careful client does. It notices what breaks a requirement that some client
 * breaks on, and every failure; it survives the rest, and every legal variant.
 */
export function listedFaults() {
  const breaking = new Set<string>(catalogue.filter(({ breaks }) => breaks.length > 0).map(({ id }) => id))
  const client = (breaks: readonly string[]) => (breaks.some((id) => breaking.has(id)) ? 'notices' : 'survives')
  return [
    ...faults.map(({ id, about, breaks, seen = [] }) => ({
      kind: 'fault',
      id,
      about,
      breaks,
      seen,
      client: client(breaks),
    })),
    ...failures.map(({ id, about }) => ({ kind: 'failure', id, about, breaks: [], seen: [], client: 'notices' })),
    ...variants.map(({ id, about }) => ({ kind: 'variant', id, about, breaks: [], seen: [], client: 'survives' })),
  ]
}

function requirementLines(): string {
  const widest = Math.max(...catalogue.map(({ id }) => id.length))
  return catalogue
    .map(
      ({ id, level, profile, title }) => `${id.padEnd(widest)}  ${level.padEnd(6)}  ${profile.padEnd(11)}  ${title}\n`,
    )
    .join('')
}

function faultLines(): string {
  const all = listedFaults()
  const widest = Math.max(...all.map(({ id }) => id.length))
  const what = { fault: 'Faults', failure: 'Right ways to fail', variant: 'Legal variants (mock --variant ID)' }
  return (['fault', 'failure', 'variant'] as const)
    .map((kind) => {
      const lines = all
        .filter((one) => one.kind === kind)
        .map(({ id, about, breaks }) => {
          const named = breaks.length > 0 ? `  -> ${breaks.join(', ')}` : ''
          return `${id.padEnd(widest)}  ${about}${named}\n`
        })
      return `${what[kind]}\n${lines.join('')}`
    })
    .join('\n')
}
