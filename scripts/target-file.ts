import type { TargetEntry, TargetFile } from '../schemas/types.ts'
import { validateTarget } from '../schemas/validators.js'
import { contractWords } from '../schemas/values.ts'
import { InputError } from '../suites/harness/wire/input-error.ts'
import { defaultApiVersion, keyVariable, type Target } from '../suites/harness/wire/target.ts'
import { reachable, sendable } from '../suites/run/sendable.ts'
import { isCredentialHeader, quotable } from '../suites/harness/wire/credential-like.ts'
import { keepable } from '../suites/run/keepable.ts'
import { checkedBaseUrl } from '../suites/run/which-target.ts'
import { isObject, own } from '../suites/harness/wire/json.ts'
import { jsonAt } from './json-file.ts'
import { nearest } from './nearest.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** One gateway and one model of a target file, ready to be asked, with the entry it comes from. */
export interface Meant {
  readonly target: Target
  readonly entry: TargetEntry
}

/**
 * Reads a target file. Throws an InputError that names the file and the place, never a value: somebody may have written a key there.
 */
export function readTargetFile(path: string): TargetFile {
  const file = jsonAt(path, 'target file')
  refuseLiteralKeys(path, file)
  if (!validateTarget(file)) throw new InputError(`${path}: ${firstFault()}.`)
  const names = file.targets.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw new InputError(`${path}: two targets are named ${quotable(twice)}; each needs a name of its own.`)
  const doubled = file.targets.find(({ models = [] }) => new Set(models).size < models.length)
  if (doubled) throw new InputError(`${path}: target ${quotable(doubled.name)} names one model twice; once is enough.`)
  return file
}

/** The variables that a target file names as secrets. */
export function variablesNamed(file: TargetFile): readonly string[] {
  return file.targets.flatMap((entry) => [...(entry.key ? [entry.key.env] : []), ...Object.values(variablesOf(entry))])
}

/** One gateway and one model of a target file, as it is written there. */
export interface Pair {
  readonly entry: TargetEntry
  readonly model: string
}

/** Every gateway and model of a target file; `model` instead of those that it names. */
export function pairsOf({ targets }: TargetFile, model?: string): readonly Pair[] {
  return targets.flatMap((entry) =>
    (model === undefined ? (entry.models ?? [entry.model ?? '']) : [model]).map((name) => ({ entry, model: name })),
  )
}

/** A target file with these alone in it. */
export function fileOf(pairs: readonly Pair[]): TargetFile {
  const entries = [...new Set(pairs.map(({ entry }) => entry))]
  return {
    targets: entries.map((entry) => {
      const { model: _, models: __, ...rest } = entry
      return { ...rest, models: pairs.filter((pair) => pair.entry === entry).map(({ model }) => model) }
    }),
  }
}

/** Every gateway and model of a target file, one after the other. Throws an InputError for a variable that is not set. */
export function targetsOf(file: TargetFile, environment: Environment): Meant[] {
  return pairsOf(file).map(({ entry, model }) => ({ target: targetOf(entry, model, environment), entry }))
}

function targetOf(entry: TargetEntry, model: string, environment: Environment): Target {
  const headers = Object.entries(entry.headers ?? {}).map(([name, value]) =>
    typeof value === 'string'
      ? ({ name, value, secret: false } as const)
      : ({ name, value: fromEnvironment(value.env, entry, environment), secret: true } as const),
  )
  const target = sendable({
    kind: 'gateway',
    name: entry.name,
    baseUrl: reachable(checkedBaseUrl(entry.baseUrl), environment),
    model,
    ...(entry.smallModel !== undefined && { smallModel: entry.smallModel }),
    auth: entry.auth ?? 'bearer',
    ...(entry.keyHeader !== undefined && { keyHeader: entry.keyHeader }),
    key: entry.key ? fromEnvironment(entry.key.env, entry, environment) : null,
    keyVariable: entry.key?.env ?? keyVariable,
    headers: headers.map(({ name, value }) => [name, value] as const),
    secrets: headers.filter(({ secret }) => secret).map(({ value }) => value),
    headerVariables: variablesOf(entry),
    apiVersion: entry.apiVersion ?? defaultApiVersion,
    ...(entry.allowSelfSigned && { allowSelfSigned: true as const }),
  })
  return keepable(target)
}

function variablesOf({ headers = {} }: TargetEntry): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [] : [[name, value.env]])),
  )
}

function fromEnvironment(variable: string, entry: TargetEntry, environment: Environment): string {
  const value = own(environment, variable)
  const target = `Target ${quotable(entry.name)}`
  if (!/^[A-Za-z_]\w*$/.test(variable))
    throw new InputError(`${target}: "env" takes the name of an environment variable, not the secret itself.`)
  if (value === undefined) throw new InputError(`${target}: the variable ${quotable(variable)} is not set.`)
  if (value === '') throw new InputError(`${target}: the variable ${quotable(variable)} is set but empty.`)
  return value
}

function refuseLiteralKeys(path: string, file: unknown): void {
  const targets = isObject(file) && Array.isArray(file['targets']) ? file['targets'].filter(isObject) : []
  for (const [index, { key, headers }] of targets.entries()) {
    if (typeof key === 'string') throw literal(path, `/targets/${index}/key`)
    for (const [name, value] of Object.entries(isObject(headers) ? headers : {}))
      if (typeof value === 'string' && isCredentialHeader(name, value))
        throw literal(path, `/targets/${index}/headers/${quotable(name)}`)
  }
}

function literal(path: string, at: string): InputError {
  return new InputError(
    `${path}: ${at} holds a credential; keys stand in the environment only. Write { "env": "VARIABLE" } there.`,
  )
}

/** What the validator has just found wrong, as a sentence without values. */
function firstFault(): string {
  const errors = validateTarget.errors ?? []
  const [error] = errors.toSorted((a, b) => b.instancePath.length - a.instancePath.length)
  const at = error?.instancePath.split('/').map(quotable).join('/') || 'the file'
  const unknown = error?.params['additionalProperty']
  if (unknown !== undefined) {
    const isTypo = nearest(String(unknown), contractWords) !== null
    return `${at} has ${isTypo ? JSON.stringify(unknown) : 'a property'}, which is not known here`
  }
  if (/\/waivers\/\d+\/because$/.test(at)) return `${at} is empty; say why this breach is accepted`
  if (error?.keyword === 'enum')
    return `${at} takes one of ${(error.params['allowedValues'] as readonly unknown[]).join(', ')}`
  return `${at} ${error?.message ?? 'is no target file'}`
}
