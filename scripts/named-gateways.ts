import type { Fault } from '../fixtures/gateways/fault.ts'
import { failures } from '../fixtures/gateways/failures.ts'
import { faults } from '../fixtures/gateways/faults/faults.ts'
import { variants, type Variant } from '../fixtures/gateways/variants.ts'
import { InputError } from '../suites/harness/wire/input-error.ts'
import { noSuch } from './nearest.ts'

/** The fault, or the right way to fail, of that id. Throws an InputError with the nearest one. */
export function faultNamed(id: string): Pick<Fault, 'id' | 'over'> {
  return named<Pick<Fault, 'id' | 'over'>>(id, [...failures, ...faults], 'fault', 'list --faults')
}

/** The legal variant of that id. Throws an InputError with the nearest one. */
export function variantNamed(id: string): Variant {
  return named(id, variants, 'variant', 'list --faults')
}

function named<T extends { readonly id: string }>(id: string, among: readonly T[], what: string, where: string): T {
  const found = among.find((item) => item.id === id)
  if (found) return found
  const ids = among.map((item) => item.id)
  throw new InputError(`${noSuch(what, id, ids)} See: ${where}`)
}
