import type { RequirementId } from '../../ids.ts'
import type { JsonObject } from '../wire/json.ts'

/* A value of which parts could not be read: it keeps its type, and whoever reads such a part is blocked by those who found why. */

/** A part of a value that could not be read, and the requirements whose findings say why. */
export interface Void {
  /** A JSON pointer below the value: `/usage/input_tokens`. */
  readonly path: string
  readonly by: readonly RequirementId[]
}

/** What reading a hole throws: caught by whoever judges, and by `attempt`. No Error, since nobody wants its stack. */
export class Unreadable {
  readonly by: readonly RequirementId[]
  /** Where only some of several values could not be read, and all others were looked at: who stands in the way of which. */
  readonly among: ReadonlyMap<string, readonly RequirementId[]> | null
  constructor(by: readonly RequirementId[], among: Unreadable['among'] = null) {
    this.by = by
    this.among = among
  }
}

const holes = new WeakMap<() => unknown, readonly RequirementId[]>()

/** The values that have a hole among their own parts. Most have none, and need no look at each of their parts. */
const withHoles = new WeakSet<object>()

function dig(target: object, key: string, by: readonly RequirementId[], enumerable: boolean): void {
  const get = (): never => {
    // oxlint-disable-next-line no-throw-literal -- caught by attempt alone
    throw new Unreadable(by)
  }
  holes.set(get, by)
  withHoles.add(target)
  Object.defineProperty(target, key, { get, enumerable, configurable: true })
}

/** The parts of a value that are voided, by key: a leaf is a hole. */
interface Tree {
  by: readonly RequirementId[] | null
  readonly below: Map<string, Tree>
}

/** The value with a hole at each void. Copies along their paths only, each object once. */
export function pierced<T>(value: T, voids: readonly Void[]): T {
  if (voids.length === 0) return value
  const root: Tree = { by: null, below: new Map() }
  for (const { path, by } of voids) {
    let at = root
    for (const key of keysOf(path)) {
      const next = at.below.get(key) ?? { by: null, below: new Map<string, Tree>() }
      at.below.set(key, next)
      at = next
    }
    at.by ??= by
  }
  return pierce(value, root) as T
}

function pierce(value: unknown, { below }: Tree): unknown {
  if (typeof value !== 'object' || value === null || below.size === 0) return value
  const copy = copied(value)
  for (const [key, tree] of below) {
    const before = Object.getOwnPropertyDescriptor(copy, key)
    if (before?.get) continue
    const inner: unknown = before?.value
    if (tree.by || typeof inner !== 'object' || inner === null) dig(copy, key, tree.by ?? firstBy(tree), true)
    else Object.defineProperty(copy, key, { ...before, value: pierce(inner, tree) })
  }
  return copy
}

/** Where a part is voided that is not there, the nearest one that is becomes the hole. */
function firstBy({ by, below }: Tree): readonly RequirementId[] {
  if (by) return by
  for (const tree of below.values()) return firstBy(tree)
  return []
}

function keysOf(path: string): readonly string[] {
  return path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function keyIn(path: string, key: string): string {
  return `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** A shallow copy that keeps holes holes: without any, key by key, for of a hundred thousand keys that is ten times as fast. */
function copied<T extends object>(value: T): T {
  if (!withHoles.has(value)) return (Array.isArray(value) ? [...value] : keyByKey(value as JsonObject)) as T
  const copy: object = Array.isArray(value) ? [] : {}
  withHoles.add(copy)
  return Object.defineProperties(copy, Object.getOwnPropertyDescriptors(value)) as T
}

function keyByKey(value: JsonObject): JsonObject {
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) put(copy, key, value[key])
  return copy
}

function put(copy: Record<string, unknown>, key: string, value: unknown): void {
  // This one would be no key: whoever sets it sets what the object inherits from.
  if (key === '__proto__')
    Object.defineProperty(copy, key, { value, enumerable: true, configurable: true, writable: true })
  else copy[key] = value
}

/** Who stands in the way of reading a key; null where it can be read. */
export function holeAt(value: object | undefined, key: string): readonly RequirementId[] | null {
  if (!value || !withHoles.has(value)) return null
  const get = Object.getOwnPropertyDescriptor(value, key)?.get
  return (get && holes.get(get)) ?? null
}

/** The value of a key; undefined where it is a hole, or not there. */
export function peek(value: JsonObject | undefined, key: string): unknown {
  return value === undefined || !Object.hasOwn(value, key) || holeAt(value, key) ? undefined : value[key]
}

/** A name that could not be read: not enumerable, so that a loop goes round it; read by name, it blocks. */
export function without(target: object, name: string, by: readonly RequirementId[]): void {
  dig(target, name, by, false)
}

/**
 * A value without its holes, a copy where it has any, and these as voids of a value in which it stands at `at`. In a list null stands
 * for one, so that what follows it stays where it was.
 */
export function stripped(value: JsonObject, at = ''): { readonly value: JsonObject; readonly voids: readonly Void[] } {
  const holed = new Set<unknown>()
  if (!isHoled(value, holed)) return { value, voids: [] }
  const voids: Void[] = []
  return { value: strip(value, at, voids, holed) as JsonObject, voids }
}

/** Whether there is a hole in a value, however deep. All of its parts in which there is one are added to `holed`. */
function isHoled(value: unknown, holed: Set<unknown>): boolean {
  if (typeof value !== 'object' || value === null) return false
  let is = withHoles.has(value)
  // A hole throws where it is read; its descriptor has no value.
  const parts = is
    ? Object.values(Object.getOwnPropertyDescriptors(value)).map((found) => found.value)
    : Object.values(value)
  for (const part of parts) if (isHoled(part, holed)) is = true
  if (is) holed.add(value)
  return is
}

/** A copy of a part in which there are holes, without them. */
function strip(part: object, at: string, voids: Void[], holed: ReadonlySet<unknown>): unknown {
  const isList = Array.isArray(part)
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(part)) {
    const by = holeAt(part, key)
    if (by) voids.push({ path: keyIn(at, key), by })
    if (by && !isList) continue
    const inner = by ? null : (part as JsonObject)[key]
    put(copy, key, holed.has(inner) ? strip(inner as object, keyIn(at, key), voids, holed) : inner)
  }
  return isList ? Object.values(copy) : copy
}

/** What came of looking at a value that may have holes. */
export type Attempt<R> = { readonly ok: true; readonly value: R } | ({ readonly ok: false } & Unreadable)

/** Runs something over a value that may have holes; coming to one is an answer too. Anything else that is thrown is thrown on. */
export function attempt<R>(run: () => R): Attempt<R> {
  try {
    return { ok: true, value: run() }
  } catch (thrown) {
    if (thrown instanceof Unreadable) return { ok: false, by: thrown.by, among: thrown.among }
    throw thrown
  }
}

/** Whether something can be told, and is so. */
export function certain(run: () => boolean): boolean {
  const tried = attempt(run)
  return tried.ok && tried.value
}
