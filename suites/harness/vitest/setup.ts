import type { TestProject } from 'vitest/node'
import { createReference } from '../../../fixtures/gateways/reference/reference.ts'
import { serve } from '../../../fixtures/gateways/serve.ts'
import type { Conclusion } from '../conclude.ts'
import { examine, referenceIdleTimeout } from '../examine.ts'
import { usualLimits } from '../gather.ts'
import type { Verdict } from '../judge.ts'
import { referenceTarget } from '../reference-target.ts'
import { wholeProfile } from '../run.ts'
import { whichTarget } from '../which-target.ts'

/** What one run came to; gathered once, before the first test. */
export interface Conformance {
  readonly target: string
  readonly verdicts: readonly Verdict[]
  readonly conclusion: Conclusion
  readonly stoppedBy: string | null
}

declare module 'vitest' {
  export interface ProvidedContext {
    conformance: Conformance
  }
}

/** Gathers once for all test files: the gateway that GATEWAY_BASE_URL names, else the built-in reference. */
export default async function setup(project: TestProject): Promise<void> {
  const named = whichTarget({}, process.env, 'vitest')
  const server = named ? null : await serve(createReference())
  const target = named ?? referenceTarget(server?.url ?? '')
  const limits = named ? usualLimits : { ...usualLimits, idleTimeout: referenceIdleTimeout }
  try {
    const { outcome, stoppedBy } = await examine(target, wholeProfile('sdk'), limits, {
      signal: new AbortController().signal,
      today: new Date().toISOString().slice(0, 10),
    })
    project.provide('conformance', {
      target: target.kind === 'reference' ? 'built-in reference' : target.baseUrl,
      verdicts: outcome.verdicts,
      conclusion: outcome.conclusion,
      stoppedBy,
    })
  } finally {
    await server?.close()
  }
}
