import { InputError } from '../../suites/harness/wire/input-error.ts'

/**
 * What a changelog says of the version that a tag releases. Throws an InputError where the tag is not that of the package, or the
 * changelog does not say when that version was released, or nothing about it.
 */
export function notesOf(tag: string, version: string, changelog: string): string {
  if (tag !== `v${version}`)
    throw new InputError(`The tag ${tag} is not that of version ${version}, which package.json names: v${version}.`)
  const section = changelog.split(/^## /m).find((text) => text.startsWith(`${version} `))
  if (section === undefined) throw new InputError(`CHANGELOG.md has no section on version ${version}.`)
  const [heading = '', ...lines] = section.split('\n')
  if (!/^\S+ - \d{4}-\d{2}-\d{2}$/.test(heading))
    throw new InputError(`CHANGELOG.md does not say when ${version} was released: its heading is "${heading}".`)
  const notes = lines.join('\n').trim()
  if (notes === '') throw new InputError(`CHANGELOG.md says nothing about version ${version}.`)
  return `${notes}\n`
}
