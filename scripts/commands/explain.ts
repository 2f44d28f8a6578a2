import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { requirementOf } from '../../suites/catalogue.ts'
import { clients } from '../../suites/harness/judge/clients.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { exchangesOf } from '../../suites/harness/gather/plan.ts'
import type { Requirement } from '../../suites/harness/judge/requirement.ts'
import { quoteOf, ruleOf } from '../../suites/harness/judge/source.ts'
import { ids } from '../../suites/ids.ts'
import type { Io } from '../io.ts'
import { eachOf, type Typed } from '../options.ts'

/** Prints one requirement. Returns the exit code. */
export async function run(typed: Typed, io: Io): Promise<number> {
  const [word, ...others] = typed.words
  if (word === undefined || others.length > 0) throw new InputError('explain takes one requirement id. See: list')
  const [id] = eachOf([word], ids, 'requirement')
  const requirement = id && requirementOf(id)
  if (requirement) io.out(explanation(requirement))
  return 0
}

function explanation(requirement: Requirement): string {
  const { id, level, profile, title, because, breaks, source, after = [] } = requirement
  const own = faults.filter((fault) => fault.breaks.includes(id))
  const quote = quoteOf(source)
  const sections = [
    `${id}  (${level}, from ${profile} up)`,
    `  ${title}`,
    `Why\n  ${because}`,
    breaks.length > 0 ? `Who breaks\n${breaks.map((client) => `  ${client}: ${clients[client]}`).join('\n')}` : '',
    `Rests on\n  ${ruleOf(source)}${quote === null ? '' : `\n  "${quote}"`}`,
    after.length > 0 ? `Comes after\n  ${after.join(', ')}` : '',
    `Shown by\n  ${exchangesOf(requirement).join(', ')}`,
    own.length > 0
      ? `Broken by\n${own.map((fault) => [`  ${fault.id}: ${fault.about}`, ...(fault.seen ?? []).map((url) => `    met in ${url}`)].join('\n')).join('\n')}`
      : '',
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}
