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
 * more than its findings are kept, since a body may be wrong at every other byte.
 */
export function shapeRefusals(
  errors: readonly ShapeError[] | null | undefined,
  body: unknown,
  owner: ShapeOwner,
  place: (path: string) => string = (path) => path || 'body',
): Refusal[] {
  const refusals = new Map<string, Refusal>()
  const counts = new Map<RequirementId, number>()
  for (const error of errors ?? []) {
    const missing = error.params?.['missingProperty']
    const path = typeof missing === 'string' ? `${error.instancePath}/${missing}` : error.instancePath
    if (refusals.has(path)) continue
    const by = owner(path, body)
    const count = counts.get(by) ?? 0
    if (count === mostFindings) continue
    counts.set(by, count + 1)
    const finding = { at: place(path), expected: expectation(error), actual: show(valueAt(body, path)) }
    refusals.set(path, { by, finding })
  }
  return [...refusals.values()]
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
