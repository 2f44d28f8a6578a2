import { existsSync, writeFileSync } from 'node:fs'
import { dirname, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TargetEntry, TargetFile } from '../../schemas/types.ts'
import { auths } from '../../schemas/values.ts'
import { mayBeCredential } from '../../suites/harness/wire/credential-like.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { keyVariable } from '../../suites/harness/wire/target.ts'
import { fileAt } from '../../suites/harness/tape/unusable.ts'
import { inPath } from '../../suites/run/secrets.ts'
import { checkedBaseUrl } from '../../suites/run/which-target.ts'
import type { GuardedIo } from '../guarded.ts'
import { makeFolder } from '../make-folder.ts'
import { oneOf, parseOptions, type Typed } from '../options.ts'
import { commandWord } from '../report/again.ts'
import { printable } from '../report/printable.ts'
import { shellWord } from '../report/shell.ts'
import { workflow } from '../workflow.ts'

const usualFile = 'conformance.json'
const workflowFile = '.github/workflows/conformance.yml'

/**
 * Writes a target file for a gateway, and the workflow that judges it where that is wished, from three answers; then has a quick look.
 * Returns the exit code of that look, or 0 without one. Throws an InputError where nobody answers, and where a file is there already:
 * nothing is written over.
 */
export async function run(typed: Typed, io: GuardedIo): Promise<number> {
  const file = typed.values.target ?? usualFile
  const isForCi = oneOf(typed, 'ci', ['github']) !== undefined
  const files = [file, ...(isForCi ? [workflowFile] : [])]
  files.forEach(refuseOverwriting)
  const entry = await entryFrom(typed, io)
  // All folders before any file: a file of a half done start would stand in the way of the next one.
  files.forEach(makeFolderOf)
  write(file, `${JSON.stringify(targetFile(file, entry), null, 2)}\n`)
  io.out(
    `${printable(file)} names the gateway; ${entry.key ? `its key stays in ${entry.key.env}` : 'it takes no key'}.\n`,
  )
  if (isForCi) {
    write(workflowFile, workflow(file, entry.key?.env ?? null))
    const secret = entry.key ? ` It takes the key from the secret ${entry.key.env}.` : ''
    io.out(`${workflowFile} judges it every night.${secret}\n`)
  }
  const isLater = typed.flags.has('no-run')
  io.out(`${isLater ? 'To judge it' : 'The whole of it'}: ${commandWord(io.environment)} --target ${shellWord(file)}\n`)
  if (isLater) return 0
  io.out('\n')
  const check = await import('./check.ts')
  return check.run(parseOptions(['--target', file, '--quick'], ['target', 'quick'], 'check'), io)
}

function refuseOverwriting(path: string): void {
  if (existsSync(path))
    throw new InputError(
      `${path} is there already, and is not written over${path === workflowFile ? '' : '; name another by --target'}.`,
    )
}

/** What is asked, each with the option and the variable that answer it too. */
async function entryFrom(typed: Typed, io: GuardedIo): Promise<TargetEntry> {
  const { values } = typed
  const auth = oneOf(typed, 'auth', auths) ?? 'bearer'
  const { GATEWAY_BASE_URL, GATEWAY_MODEL } = io.environment
  const baseUrl = await answered(
    io,
    'base-url',
    values['base-url'] ?? GATEWAY_BASE_URL,
    'Base URL, without /v1: ',
    named,
  )
  const key =
    auth === 'none'
      ? null
      : await answered(
          io,
          'key-env',
          values['key-env'] ?? (io.ask === null ? keyVariable : undefined),
          `Variable that holds the key [${keyVariable}]: `,
          (text) => variable(text === '' ? keyVariable : text),
        )
  const model = await answered(io, 'model', values.model ?? GATEWAY_MODEL, 'Model: ', modelName)
  return {
    name: new URL(baseUrl).hostname,
    baseUrl,
    model,
    ...(auth !== 'bearer' && { auth }),
    ...(key !== null && { key: { env: key } }),
  }
}

/** An answer that can be used: what was given, else what is typed, which is asked for until it can be. */
async function answered(
  { ask, err }: GuardedIo,
  option: string,
  given: string | undefined,
  question: string,
  check: (text: string) => string,
): Promise<string> {
  if (given !== undefined) return check(given.trim())
  if (ask === null)
    throw new InputError(
      `Nobody can be asked here: name the gateway by --base-url, --key-env and --model. --${option} is missing.`,
    )
  for (;;) {
    const text = (await ask(question)).trim()
    try {
      return check(text)
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      err(`${printable(error.message)}\n`)
    }
  }
}

function named(text: string): string {
  const baseUrl = checkedBaseUrl(text)
  if (inPath(baseUrl).length > 0)
    throw new InputError(
      'The path of the Base URL holds a credential, which is not written into a file: use check with options.',
    )
  return baseUrl
}

function variable(text: string): string {
  if (/^[A-Za-z_]\w*$/.test(text) && !mayBeCredential(text)) return text
  throw new InputError(
    'The key is named by an environment variable that holds it, such as GATEWAY_API_KEY; it is not written into a file.',
  )
}

function modelName(text: string): string {
  if (text === '') throw new InputError('Which model? Name one that the gateway serves.')
  if (mayBeCredential(text))
    throw new InputError("The model's name looks like a credential; the key is named by its variable.")
  return text
}

function targetFile(path: string, entry: TargetEntry): TargetFile {
  return { $schema: schemaFor(path), targets: [entry] }
}

const schemaId = 'https://messages-conformance.dev/schemas/target.schema.json'

/** Where an editor finds the schema: beside the file or below, where this tool is installed there, else by its name. */
function schemaFor(path: string): string {
  // Beside the sources, and beside what is built from them.
  const places = ['../../schemas/target.schema.json', '../schemas/target.schema.json']
  const place = places.map((from) => fileURLToPath(new URL(from, import.meta.url))).find((at) => existsSync(at))
  const way = place === undefined ? '..' : relative(dirname(resolve(path)), place)
  return way.startsWith('..') || resolve(way) === way ? schemaId : `./${way.split(sep).join('/')}`
}

function makeFolderOf(path: string): void {
  fileAt(path, () => makeFolder(dirname(path)))
}

function write(path: string, text: string): void {
  // Nothing is written over, also where a file has come to be there since.
  fileAt(path, () => writeFileSync(path, text, { flag: 'wx' }))
}
