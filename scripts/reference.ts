/* What a check without a gateway needs, in one piece that is loaded only then. */

export { createReference } from '../fixtures/gateways/reference/reference.ts'
export { serve } from '../fixtures/gateways/serve.ts'
