import { defaultKey, defaultModel, smallModel } from '../../fixtures/gateways/reference/identity.ts'
import { defaultApiVersion, keyVariable, type Target } from '../harness/wire/target.ts'

/** The built-in reference, served at `baseUrl`, perhaps with a fault in front of it. */
export function referenceTarget(baseUrl: string, fault?: string): Target {
  return {
    kind: 'reference',
    baseUrl,
    model: defaultModel,
    smallModel,
    auth: 'bearer',
    key: defaultKey,
    keyVariable,
    headers: [],
    secrets: [],
    apiVersion: defaultApiVersion,
    ...(fault !== undefined && { fault }),
  }
}
