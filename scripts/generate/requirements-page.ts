import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { profiles } from '../../schemas/values.ts'
import { areaOf, areas } from '../../suites/areas.ts'
import { catalogue, type Catalogued } from '../../suites/catalogue.ts'
import { clients } from '../../suites/harness/judge/clients.ts'
import { exchangesOf } from '../../suites/harness/gather/plan.ts'
import { promiseOf } from '../../suites/harness/judge/profiles.ts'
import { quoteOf, ruleOf, type Source } from '../../suites/harness/judge/source.ts'
import { sufferingOf } from '../report/suffering.ts'
import { en } from '../report/words/en.ts'

/** REQUIREMENTS.md: the catalogue by area, each requirement with its reason, its source and what breaks it. */
export function requirementsPage(): string {
  return `${[
    '# Requirements',
    'Generated from the catalogue by `npm run generate`. Do not edit.',
    levels(),
    ladder(),
    `## Clients\n\n${Object.entries(clients)
      .map(([name, about]) => `- **${name}**: ${text(about)}`)
      .join('\n')}`,
    ...areas.map(chapter),
  ].join('\n\n')}\n`
}

function levels(): string {
  const count = (level: string): number => catalogue.filter((requirement) => requirement.level === level).length
  return [
    `${catalogue.length} requirements: ${count('must')} *must*, ${count('should')} *should*, ${count('may')} *may*.`,
    'A *must* rests on a documented sentence, on the code of an official client, or on a measurement; a *should* is advice; a *may* is noted and judges nothing.',
  ].join(' ')
}

function ladder(): string {
  const rows = profiles.map((profile) => {
    const own = catalogue.filter((requirement) => requirement.profile === profile)
    return `| \`${profile}\` | ${promiseOf[profile]} | ${own.length} |`
  })
  return `| profile | promise | requirements that bind from here up |\n|---|---|---|\n${rows.join('\n')}`
}

function chapter(area: string): string {
  const own = catalogue.filter(({ id }) => areaOf(id) === area)
  return [`## ${area}`, ...own.map(entry)].join('\n\n')
}

function entry(requirement: Catalogued): string {
  const { id, level, profile, title, because, source, dialect, beyond = {} } = requirement
  const suffering = sufferingOf(requirement, en)
  const own = faults.filter((fault) => fault.breaks.includes(id))
  const lines = [
    `- **${level}**, from \`${profile}\` up: ${text(title)}.`,
    `- Why: ${text(because)}`,
    suffering === '' ? '' : `- Breaks: ${suffering}`,
    `- Rests on: ${grounds(source)}`,
    dialect === undefined ? '' : `- Judged in front of an upstream of ours that speaks ${dialect}`,
    ...Object.entries(beyond).map(
      ([name, why]) => `- Not applicable in front of one that speaks ${name}: ${text(why)}`,
    ),
    `- Shown by: ${exchangesOf(requirement)
      .map((name) => `\`${name}\``)
      .join(', ')}`,
    ...own.map(({ id: fault, about, seen = [] }) => {
      const met = seen.length > 0 ? `; met in ${seen.map((url) => `<${url}>`).join(', ')}` : ''
      return `- Broken by \`${fault}\`: ${text(about)}${met}`
    }),
  ]
  return `### ${id}\n\n${lines.filter((line) => line !== '').join('\n')}`
}

function grounds(source: Source): string {
  const quote = quoteOf(source)
  if ('url' in source) return `<${source.url}>${quote === null ? '' : `, "${text(quote)}"`}`
  return source.kind === 'opinion' ? `our opinion: ${text(source.opinion)}` : text(ruleOf(source))
}

/** Markdown that stands for itself. */
function text(given: string): string {
  return given.replaceAll(/[\\`*_<>[\]|]/g, (mark) => `\\${mark}`).replaceAll('\n', ' ')
}
