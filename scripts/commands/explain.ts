import { faultFacts } from '../../fixtures/gateways/faults/facts.ts'
import type { Dialect } from '../../schemas/types.ts'
import { withClaims, type Suffered } from '../../suites/clients/claims.ts'
import { facts } from '../../suites/facts.ts'
import { groundsFor } from '../../suites/grounds.ts'
import type { Claim } from '../../suites/harness/judge/clients.ts'
import type { Facts, Grounds } from '../../suites/harness/judge/requirement.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { exchangesOf } from '../../suites/harness/gather/plan.ts'
import { quoteOf } from '../../suites/harness/judge/source.ts'
import { ids } from '../../suites/ids.ts'
import type { PrintingIo } from '../io.ts'
import { wordsFor } from '../language.ts'
import { groundsOf } from '../report/suffering.ts'
import type { Words } from '../report/words/en.ts'
import { eachOf, type Typed } from '../options.ts'

/** Prints one requirement. Returns the exit code. */
export async function run(typed: Typed, io: PrintingIo): Promise<number> {
  const [word, ...others] = typed.words
  if (word === undefined || others.length > 0) throw new InputError('explain takes one requirement id. See: list')
  const words = await wordsFor(typed)
  const [id] = eachOf([word], ids, 'requirement')
  const requirement = id && facts.get(id)
  const grounds = id && groundsFor(id)
  if (requirement && grounds) io.print(explanation(withClaims({ ...requirement, ...grounds }), words))
  return 0
}

function explanation(requirement: Facts & Grounds & Suffered, words: Words): string {
  const { id, level, profile, because, source, after = [], compares, dialect, beyond = {} } = requirement
  const { explain, comma, colon } = words
  const own = faultFacts.filter((fault) => fault.breaks.includes(id))
  const quote = quoteOf(source)
  const noPlace = (Object.entries(beyond) as [Dialect, string][]).map((entry) => `  ${words.hasNoPlace(...entry)}`)
  const sections = [
    `${id}${explain.bindsFrom(level, profile)}`,
    `  ${words.title(id)}`,
    `${explain.why}\n  ${words.because(id, because)}`,
    compares ? `${explain.compares}\n  ${explain.sides[compares]}` : '',
    dialect ? explain.judgedBehind(dialect) : '',
    noPlace.length > 0 ? `${explain.noPlace}\n${noPlace.join('\n')}` : '',
    ...(['breaks', 'recovers'] as const).map((suffers) => clientLines(requirement, suffers, words)),
    `${explain.rests}\n  ${words.rule(source)}${quote === null ? '' : `\n  "${quote}"`}`,
    after.length > 0 ? `${explain.after}\n  ${after.join(comma)}` : '',
    `${explain.shown}\n  ${exchangesOf(requirement).join(comma)}`,
    own.length > 0
      ? `${explain.brokenBy}\n${own.map((fault) => [`  ${fault.id}${colon}${fault.about}`, ...(fault.seen ?? []).map((url) => `    ${explain.metIn(url)}`)].join('\n')).join('\n')}`
      : '',
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

/** The clients that come to this, each with who it is and how that is known. */
function clientLines({ claims }: Suffered, suffers: Claim['suffers'], words: Words): string {
  const lines = claims
    .filter((claim) => claim.suffers === suffers)
    .map((claim) => {
      const { client } = claim
      return `  ${client}${words.colon}${words.client(client)}${words.aside(groundsOf(claim, words))}`
    })
  return lines.length > 0 ? `${words.explain[suffers]}\n${lines.join('\n')}` : ''
}
