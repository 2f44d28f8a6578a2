import { faults } from '../fixtures/gateways/faults/faults.ts'
import { catalogue } from '../suites/catalogue.ts'
import { exchangesOf } from '../suites/harness/plan.ts'
import type { Io } from './io.ts'
import { helpLines, parseOptions, type OptionName } from './options.ts'

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

function listedFaults() {
  return faults.map(({ id, about, breaks, seen = [], client = 'notices' }) => ({ id, about, breaks, seen, client }))
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
  const widest = Math.max(...faults.map(({ id }) => id.length))
  return faults.map(({ id, about, breaks }) => `${id.padEnd(widest)}  ${about}  -> ${breaks.join(', ')}\n`).join('')
}
