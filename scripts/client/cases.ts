import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { failures } from '../../fixtures/gateways/failures.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { variants } from '../../fixtures/gateways/variants.ts'
import type { ClientCaseKind } from '../../schemas/types.ts'
import { eachOf } from '../options.ts'

/** A gateway that a client is tried with: broken in one way, failing rightly, or legally different. */
export interface Case {
  readonly kind: ClientCaseKind
  readonly id: string
  readonly about: string
  readonly over: (inner: Gateway) => Gateway
}

/** The word that stands for all variants, whose ids have no area. */
const allVariants = 'variants'

const all: readonly Case[] = [
  ...faults.map((fault) => ({ ...fault, kind: 'fault' as const })),
  ...failures.map((failure) => ({ ...failure, kind: 'failure' as const })),
  ...variants.map((variant) => ({ ...variant, kind: 'variant' as const })),
].map(({ kind, id, about, over }) => ({ kind, id, about, over }))

function areaOf({ kind, id }: Case): string {
  return kind === 'variant' ? allVariants : (id.split('/', 1)[0] ?? id)
}

/** The gateways of these ids and areas; all where nothing is named. Throws an InputError with the nearest name for one that is none. */
export function casesNamed(names: readonly string[]): readonly Case[] {
  const areas = [...new Set(all.map(areaOf))]
  const known = new Set(eachOf(names, [...all.map(({ id }) => id), ...areas], 'fault, variant or area'))
  return known.size === 0 ? all : all.filter((one) => known.has(one.id) || known.has(areaOf(one)))
}
