import { requests } from '../../fixtures/requests.ts'
import { planFor, wholeProfile } from './selection.ts'
import type { Step } from '../harness/gather/plan.ts'
import { see } from '../harness/views/views.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { isObject, objects, parseJson } from '../harness/wire/json.ts'

/** The exchange that asks which models a gateway serves. */
export const modelsListed = 'models/list'

/** That exchange, ready to be sent whatever else a run asks. */
export function askForModels(): Step | undefined {
  return planFor({ ...wholeProfile('full'), fixtures: [modelsListed] }, requests).steps.find(
    ({ name }) => name === modelsListed,
  )
}

/** The ids of any list of models, whatever its shape otherwise: this is to help a person, not to judge. Null where there is none. */
export function modelsIn(exchange: Exchange): readonly string[] | null {
  const text = see(exchange, 'text')
  const page = text.is === 'there' ? parseJson(text.value) : null
  const ids = objects(isObject(page) ? page['data'] : null).flatMap(({ id }) => (typeof id === 'string' ? [id] : []))
  return ids.length > 0 ? ids : null
}
