import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { serve } from '../../fixtures/gateways/serve.ts'

/* What a test uses up, and what is gone when it is done. A test that runs beside others hands in its own `onTestFinished`. */

/** An empty folder. */
export function scratch(finished: typeof onTestFinished = onTestFinished): string {
  const path = mkdtempSync(join(tmpdir(), 'messages-conformance-'))
  finished(() => rmSync(path, { recursive: true }))
  return path
}

/** The URL of a gateway, the reference if none is named, that is served on a port of its own. */
export async function serving(
  gateway: Gateway = createReference(),
  how: Parameters<typeof serve>[1] = {},
): Promise<string> {
  const server = await serve(gateway, how)
  onTestFinished(() => server.close())
  return server.url
}
