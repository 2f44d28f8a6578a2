import { writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import type { Start, TargetEntry, Upstream } from '../schemas/types.ts'
import type { Behind } from '../suites/harness/gather/behind.ts'
import { redactor } from '../suites/harness/tape/redact.ts'
import { fileAt } from '../suites/harness/tape/unusable.ts'
import type { Target } from '../suites/harness/wire/target.ts'
import { InputError } from '../suites/harness/wire/input-error.ts'
import { secretsOf } from '../suites/run/secrets.ts'
import type { Io } from './io.ts'
import { printable } from './report/printable.ts'
import type { ServedUpstream } from './served-upstream.ts'
import type { Started } from './started.ts'

/** What check runs beside a run, and ends after it: the upstream behind a gateway, and the gateway itself. */
export interface Beside {
  readonly upstream?: Upstream
  /** The upstream, where one is there already. */
  readonly behind?: Behind
  readonly start?: Start
}

export interface RunningBeside {
  readonly behind: Behind | null
  /** Aborts where the run is interrupted, or cannot go on because the gateway ended. */
  readonly signal: AbortSignal
  /** What makes the run worth nothing: the gateway ended by itself. Undefined where it did not. */
  readonly failure: () => InputError | undefined
  end(): Promise<void>
  /** Writes what the gateway wrote into the folder of the reports. */
  readonly keepOutput: (folder: string) => void
}

/** What a target file asks for; `starts`: whether the gateway is started too. */
export function besideOf({ upstream, start }: TargetEntry, starts: boolean): Beside {
  return { ...(typeof upstream === 'object' && { upstream }), ...(start && starts && { start }) }
}

/** The file that holds what a started gateway wrote. */
const outputFile = 'gateway.log'

/** Serves the upstream, then starts the gateway, and waits for that. Throws an InputError where one of them cannot be had. */
export async function runBeside(
  { target, beside: { upstream, behind, start } }: { readonly target: Target; readonly beside: Beside },
  io: Io,
  interrupted: AbortSignal,
): Promise<RunningBeside> {
  const served = upstream ? await (await import('./served-upstream.ts')).upstreamOf(upstream) : null
  try {
    const starting = start ? await import('./started.ts') : null
    const started =
      start && starting
        ? await starting.startGateway(start, {
            // Whoever wrote the target file wrote it for its own folder.
            folder: dirname(resolve(target.file ?? '.')),
            baseUrl: target.baseUrl,
            environment: io.environment,
            say: (line) => io.err(`${printable(line)}\n`),
            signal: interrupted,
          })
        : null
    // What arrived by now nobody sent: it asks whether anybody is there.
    await served?.take()
    return {
      behind: served ?? behind ?? null,
      signal: started ? AbortSignal.any([interrupted, started.lost]) : interrupted,
      failure: () =>
        starting && started?.ending() != null ? new InputError(starting.endedMidway(started)) : undefined,
      end: () => endBoth(started, served),
      keepOutput: (folder) => {
        if (started) keep(join(folder, outputFile), redactor(secretsOf(target)).text(started.output()))
      },
    }
  } catch (error) {
    await served?.close()
    throw error
  }
}

async function endBoth(started: Started | null, served: ServedUpstream | null): Promise<void> {
  await started?.end()
  await served?.close()
}

/** It may say what its users' requests say: its owner alone reads it. */
function keep(path: string, output: string): void {
  fileAt(path, () => writeFileSync(path, output, { mode: 0o600 }))
}
