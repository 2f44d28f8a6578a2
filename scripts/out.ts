import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Report } from '../schemas/types.ts'
import type { Exchange } from '../suites/harness/wire/exchange.ts'
import type { Gathered } from '../suites/harness/gather/gather.ts'
import { InputError } from '../suites/harness/wire/input-error.ts'
import { createTape } from '../suites/harness/tape/tape.ts'
import type { Target } from '../suites/harness/wire/target.ts'
import type { Io } from './io.ts'
import { renderedFiles } from './report/files.ts'
import { renderings } from './report/renderings.ts'
import { identityOf, tool } from './report/report.ts'
import type { ToShow } from './report/shown.ts'

export interface Out {
  readonly tapePath: string
  /** Opens tape.jsonl; each exchange is on disk when `write` returns. */
  tape(run: { target: Target; profile: Report['profile']; started: Date }): {
    write(exchange: Exchange): void
    end(gathered: Gathered): void
  }
  /** Writes all renderings, and the summary to that of the step as well, where the run is one of GitHub Actions. */
  write(report: Report, shown: Omit<ToShow, 'report'>): void
}

/** A folder for everything a run found. Throws an InputError where it cannot be made. */
export function openOut(directory: string, environment: Io['environment']): Out {
  try {
    mkdirSync(directory, { recursive: true })
  } catch {
    throw new InputError(`--out ${directory} cannot be made: is it a file, or is the folder above read-only?`)
  }
  const tapePath = join(directory, 'tape.jsonl')
  return {
    tapePath,
    tape({ target, profile, started }) {
      const tape = createTape(tapePath, {
        kind: 'header',
        format: 1,
        tool,
        target: identityOf(target),
        profile,
        started: started.toISOString(),
      })
      return {
        write: (exchange) => tape.write(exchange),
        end: ({ ending, sent }) => tape.end({ ending, sent, ended: new Date().toISOString() }),
      }
    },
    write(report, shown) {
      for (const file of renderedFiles) {
        const text = renderings[file]({ report, ...shown })
        if (text === null) continue
        writeFileSync(join(directory, file), text)
        const step = environment['GITHUB_STEP_SUMMARY']
        if (file === 'summary.md' && step) appendFileSync(step, text)
      }
    },
  }
}
