import { existsSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import type { Capability, Report, TargetEntry, TargetFile, Waiver } from '../schemas/types.ts'
import { fileAt } from '../suites/harness/tape/unusable.ts'
import { isObject, parseJson } from '../suites/harness/wire/json.ts'
import { InputError } from '../suites/harness/wire/input-error.ts'
import { requiredBy } from '../suites/harness/judge/profiles.ts'
import { redactor } from '../suites/harness/tape/redact.ts'
import { secretsOf } from '../suites/run/secrets.ts'
import type { Target } from '../suites/harness/wire/target.ts'
import { tryWriting } from './try-writing.ts'

/** One judged target: what a target file can learn from it. */
export interface Learnt {
  readonly target: Target
  readonly entry: TargetEntry | undefined
  readonly report: Report
}

/** Refuses, before anything is sent, to write over a file that is not the target file itself, or where nothing can be written. Throws an InputError. */
export function refuseOverwriting(path: string | undefined, targetFile: string | undefined, option: string): void {
  if (path === undefined) return
  if (path !== targetFile && existsSync(path))
    throw new InputError(`${option} ${path}: there is such a file already; name another, or the one given by --target.`)
  tryWriting(path, `name another file by ${option}`)
}

/**
 * Refuses, before anything is sent, to write a file that would hold a secret: only the target file itself, which has it already, may.
 * Throws an InputError.
 */
export function refuseSecrets(
  path: string | undefined,
  targetFile: string | undefined,
  targets: readonly Target[],
  option: string,
): void {
  if (path === undefined || path === targetFile) return
  for (const target of targets) {
    const { name = '', baseUrl, model, smallModel = '', headers, secrets } = target
    const literal = headers.filter(([, value]) => !secrets.includes(value))
    const plain = [name, baseUrl, model, smallModel, ...literal.flat()]
    if (redactor(secretsOf(target)).value(plain) !== plain)
      throw new InputError(
        `${option} would write a credential into ${path}: the Base URL, the model, a header or the name holds one. Leave ${option} out.`,
      )
  }
}

/**
 * Writes a target file; one that is there is whole at any moment, also where the disk fills up, and keeps the schema that it names.
 * Throws an InputError where it cannot be written.
 */
export function writeTargetFile(path: string, file: TargetFile): void {
  fileAt(path, () => {
    const place = existsSync(path) ? realpathSync(path) : path
    const fresh = `${place}.${process.pid}`
    const before = existsSync(place) ? parseJson(readFileSync(place, 'utf8')) : null
    const schema = isObject(before) && typeof before['$schema'] === 'string' ? { $schema: before['$schema'] } : {}
    try {
      writeFileSync(
        fresh,
        `${JSON.stringify({ ...schema, ...file }, null, 2)}\n`,
        existsSync(place) ? { mode: statSync(place).mode } : {},
      )
      renameSync(fresh, place)
    } finally {
      rmSync(fresh, { force: true })
    }
  })
}

/** What was shown today becomes a promise: tomorrow's polite refusal of it is a breach. */
export function withShown(learnt: readonly Learnt[]): TargetFile {
  return merged(learnt, ({ report }, entry) => {
    const shown = Object.entries(report.capabilities).flatMap(([name, { state }]) =>
      state === 'shown' ? [name as Capability] : [],
    )
    const requires = [...new Set([...(entry.requires ?? []), ...shown])].filter(
      (name) => !requiredBy[report.profile].includes(name),
    )
    return { ...entry, requires }
  })
}

/** An entry for each must that is broken and not waived; `because` is left empty, and refused while it is. */
export function withWaivers(learnt: readonly Learnt[], until: string): TargetFile {
  return merged(learnt, ({ report }, entry) => {
    const known = new Set((entry.waivers ?? []).map(({ id }) => id))
    const proposed: Waiver[] = report.verdicts
      .filter(({ id, outcome, level, hint }) => outcome === 'broken' && level === 'must' && !hint && !known.has(id))
      .map(({ id }) => ({ id, because: '', until }))
    return { ...entry, waivers: [...(entry.waivers ?? []), ...proposed] }
  })
}

/** Several models of one target are one entry, which learns from each of them. */
function merged(
  learnt: readonly Learnt[],
  learn: (from: Learnt, entry: TargetEntry) => TargetEntry,
): TargetFile & { $schema?: string } {
  const entries = new Map<string, TargetEntry>()
  for (const one of learnt) {
    const name = one.entry?.name ?? new URL(one.target.baseUrl).hostname
    entries.set(name, learn(one, entries.get(name) ?? one.entry ?? entryOf(one.target, name)))
  }
  return { targets: [...entries.values()] }
}

function entryOf(target: Target, name: string): TargetEntry {
  const { baseUrl, model, smallModel, auth, keyHeader, keyVariable, headerVariables = {} } = target
  const plain = target.headers.filter(([header]) => !Object.hasOwn(headerVariables, header))
  const secret = Object.entries(headerVariables).map(([header, env]) => [header, { env }] as const)
  const headers = [...plain, ...secret]
  return {
    name,
    baseUrl,
    model,
    ...(smallModel !== undefined && { smallModel }),
    ...(auth !== 'bearer' && { auth }),
    ...(keyHeader !== undefined && { keyHeader }),
    ...(auth !== 'none' && { key: { env: keyVariable } }),
    ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
  }
}
