import type { RequirementId } from '../../ids.ts'
import { mostFindings, show, type Refusal } from './finding.ts'
import { isObject, own } from '../wire/json.ts'

/** As much of an ajv error as a finding needs. */
export interface ShapeError {
  readonly instancePath: string
  readonly keyword: string
  readonly message?: string
  readonly params?: Readonly<Record<string, unknown>>
}

/** Which requirement a part of a body belongs to, by its path. */
export type ShapeOwner = (path: string, body: unknown) => RequirementId

/**
 * The errors of a validator as refusals: one a path, since the branches of a union say the same thing twice; and of each owner no
 * more than its findings are kept, but for the first in each part of the body, since a body may be wrong at every other byte. Each
 * says what of the body it voids.
 */
export function shapeRefusals(
  errors: readonly ShapeError[] | null | undefined,
  body: unknown,
  owner: ShapeOwner,
  place: (path: string) => string = (path) => path || 'body',
): Refusal[] {
  const refusals = new Map<string, Refusal & { readonly path: string }>()
  const counts = new Map<RequirementId, number>()
  const tops = new Set<string>()
  for (const error of errors ?? []) {
    const missing = error.params?.['missingProperty']
    const path = typeof missing === 'string' ? `${error.instancePath}/${missing}` : error.instancePath
    if (refusals.has(path)) continue
    const by = owner(path, body)
    const count = counts.get(by) ?? 0
    counts.set(by, count + 1)
    if (count >= mostFindings && tops.has(topOf(path))) continue
    const finding = { at: place(path), expected: expectation(error), actual: show(valueAt(body, path)) }
    refusals.set(path, { by, finding, path })
    tops.add(topOf(path))
  }
  // Where not every place is told, all that stands around the places that are is void.
  const isWhole = [...counts.values()].every((count) => count <= mostFindings)
  const all = [...refusals.values()]
  return isWhole ? all : all.map((refusal) => ({ ...refusal, path: topOf(refusal.path) }))
}

/** The first part of a path: `/content` of `/content/7/text`. */
function topOf(path: string): string {
  const end = path.indexOf('/', 1)
  return end < 0 ? path : path.slice(0, end)
}

function expectation({ keyword, message, params }: ShapeError): string {
  if (keyword === 'required') return 'to be there'
  if (keyword === 'const') return JSON.stringify(params?.['allowedValue'])
  return (message ?? keyword).replace(/^must be /, '')
}

function valueAt(body: unknown, path: string): unknown {
  return path
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce(
      (value, key) => (Array.isArray(value) ? value[Number(key)] : isObject(value) ? own(value, key) : undefined),
      body,
    )
}
