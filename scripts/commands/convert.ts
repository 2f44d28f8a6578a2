import { convert, type Conversion } from '../../fixtures/chat-completions/convert.ts'
import { Unconvertible, type Note } from '../../fixtures/chat-completions/notes.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { toJson } from '../../suites/harness/wire/json.ts'
import type { PrintingIo } from '../io.ts'
import { jsonAt, jsonIn } from '../json-file.ts'
import type { Typed } from '../options.ts'
import { printable } from '../report/printable.ts'

/** Bytes: twice what the API takes of a request. */
const mostBytes = 64 * 1024 * 1024

/**
 * Prints a body of Chat Completions as one of Messages, and on standard error what is not in it. Returns 0, or 2 where something that
 * was said is not in it, or the API would refuse it. Throws an InputError for what is no such body.
 */
export async function run(typed: Typed, io: PrintingIo): Promise<number> {
  const [path, ...others] = typed.words
  if (path === undefined || others.length > 0)
    throw new InputError('convert takes one file with a request body of Chat Completions, or - for standard input.')
  const name = path === '-' ? 'Standard input' : path
  const body = path === '-' ? jsonIn(await io.read(), name) : jsonAt(path, 'request body', mostBytes)
  const conversion = converted(body, name)
  const { request, notes, refused } = conversion
  if (typed.flags.has('json')) io.print(`${toJson({ request, notes, refused }, 2)}\n`)
  else {
    io.print(`${toJson(request, 2)}\n`)
    io.err(asText(conversion))
  }
  return refused === null && notes.every(({ kind }) => kind !== 'content') ? 0 : 2
}

function converted(body: unknown, name: string): Conversion {
  try {
    return convert(body)
  } catch (error) {
    throw error instanceof Unconvertible ? new InputError(`${name}: ${error.message}`) : error
  }
}

const titles: Readonly<Record<Note['kind'], string>> = {
  content: 'Said, and not in the result:',
  option: 'Asked for, and not in the result:',
  changed: 'In the result in another way:',
}

function asText({ notes, refused }: Conversion): string {
  const sections = (['content', 'option', 'changed'] as const).map((kind) => {
    const lines = notes.filter((note) => note.kind === kind).map(({ at, says }) => `  ${printable(`${at}: ${says}`)}\n`)
    return lines.length > 0 ? `${titles[kind]}\n${lines.join('')}` : ''
  })
  const last = refused === null ? '' : `The API would refuse the result: ${printable(refused)}\n`
  return `${sections.join('')}${last}`
}
