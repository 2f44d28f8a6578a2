import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Report } from '../schemas/types.ts'
import type { Exchange } from '../suites/harness/wire/exchange.ts'
import type { Gathered } from '../suites/harness/gather/gather.ts'
import { InputError } from '../suites/harness/wire/input-error.ts'
import { toJson } from '../suites/harness/wire/json.ts'
import { createTape } from '../suites/harness/tape/tape.ts'
import type { Target } from '../suites/harness/wire/target.ts'
import type { Io } from './io.ts'
import { badge } from './report/badge.ts'
import { html, type ToShow } from './report/html.ts'
import { junit } from './report/junit.ts'
import { identityOf, tool } from './report/report.ts'
import { summary } from './report/summary.ts'

export interface Out {
  readonly tapePath: string
  /** Opens tape.jsonl; each exchange is on disk when `write` returns. */
  tape(run: { target: Target; profile: Report['profile']; started: Date }): {
    write(exchange: Exchange): void
    end(gathered: Gathered): void
  }
  /** Writes all renderings; report.json last, so that its `complete` vouches for the others. */
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
      const page = summary(report)
      writeFileSync(join(directory, 'junit.xml'), junit(report))
      writeFileSync(join(directory, 'summary.md'), page)
      writeFileSync(join(directory, 'report.html'), html({ report, ...shown }))
      const sign = badge(report)
      if (sign) writeFileSync(join(directory, 'badge.json'), `${toJson(sign)}\n`)
      const step = environment['GITHUB_STEP_SUMMARY']
      if (step) appendFileSync(step, page)
      writeFileSync(join(directory, 'report.json'), `${toJson(report, 2)}\n`)
    },
  }
}
