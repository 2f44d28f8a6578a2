import type { TestProject } from 'vitest/node'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { serve } from '../../fixtures/gateways/serve.ts'
import type { Conclusion } from '../harness/judge/conclude.ts'
import { examine } from '../run/examine.ts'
import { usualLimits } from '../harness/gather/limits.ts'
import type { Verdict } from '../harness/judge/judge.ts'
import { referenceTarget } from '../run/reference-target.ts'
import { checkedSelection, forTarget, wholeProfile, type Selection } from '../run/selection.ts'
import { redactor } from '../harness/tape/redact.ts'
import { inStrings } from '../harness/wire/json.ts'
import { printable } from '../harness/wire/printable.ts'
import { secretsOf } from '../run/secrets.ts'
import { whichTarget } from '../run/which-target.ts'

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

/**
 * A global setup that gathers once for all test files: from the gateway that GATEWAY_BASE_URL, GATEWAY_API_KEY and GATEWAY_MODEL
 * name, else from the built-in reference. `selection`: what is looked at; by default the whole profile `sdk`.
 *
 * @example
 * // conformance.setup.ts, named by globalSetup in vitest.config.ts
 * export default gathering({ profile: 'claude-code' })
 */
export function gathering(selection: Partial<Selection> = {}): (project: TestProject) => Promise<void> {
  return async (project) => {
    const whole = checkedSelection({ ...wholeProfile(selection.profile ?? 'sdk'), ...selection })
    const named = whichTarget({}, process.env, 'vitest')
    const server = named ? null : await serve(createReference())
    const target = named ?? referenceTarget(server?.url ?? '')
    try {
      const { outcome, diagnosis } = await examine(target, forTarget(whole, target), usualLimits, {
        signal: new AbortController().signal,
        today: new Date().toISOString().slice(0, 10),
      })
      const conformance: Conformance = {
        target: target.kind === 'reference' ? 'built-in reference' : target.baseUrl,
        verdicts: outcome.verdicts,
        conclusion: outcome.conclusion,
        stoppedBy: diagnosis?.sentence ?? null,
      }
      // What vitest prints, a job prints.
      const shown = inStrings(redactor(secretsOf(target)).value(conformance), printable) as Conformance
      project.provide('conformance', shown)
    } finally {
      await server?.close()
    }
  }
}

export default gathering()
