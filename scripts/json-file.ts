import { textAt } from '../suites/harness/tape/text-at.ts'
import { faultInJson } from '../suites/harness/wire/json-fault.ts'
import { parseJson } from '../suites/harness/wire/json.ts'
import { InputError } from '../suites/harness/wire/input-error.ts'

/**
 * The value of a JSON text that somebody wrote. Throws an InputError that names the line and the column where it stops being JSON, and
 * quotes nothing of it: it may hold a key.
 */
export function jsonIn(text: string, name: string): unknown {
  const plain = text.replace(/^\uFEFF/, '')
  const fault = faultInJson(plain)
  if (fault) throw new InputError(`${name}, line ${fault.line}, column ${fault.column}: this is no JSON.`)
  const value = parseJson(plain)
  if (value === undefined) throw new InputError(`${name} nests its objects and lists too deep to be read.`)
  return value
}

/** Bytes: far more than anybody writes by hand. */
const byHand = 16 * 1024 * 1024

/** The JSON of a file; `what` it is taken for. Throws an InputError that names it where there is none. */
export function jsonAt(path: string, what: string, mostBytes = byHand): unknown {
  return jsonIn(read(path, what, mostBytes), path)
}

function read(path: string, what: string, mostBytes: number): string {
  const text = textAt(path, mostBytes)
  if (text === undefined) throw new InputError(`${path} cannot be read: is it there, and is it a file?`)
  if (text === null) throw new InputError(`${path} is no ${what}: it has more than ${mostBytes} bytes.`)
  return text
}
