import type { Report } from '../schemas/types.ts'
import { exchangesNamed } from '../suites/harness/tape/recording.ts'
import { ourError } from '../suites/run/diagnose.ts'
import type { Io } from './io.ts'
import type { Out } from './out.ts'
import { printable } from './report/printable.ts'
import { namesShown, type ToShow } from './report/shown.ts'

export interface ToPublish {
  readonly out: Out | null
  /** What the run came to; given a failure, what a run came to that ended in it. */
  readonly reportOf: (failure?: unknown) => Report
  readonly shown: Pick<ToShow, 'target' | 'selection' | 'command' | 'words'>
  /** The file with the exchanges that a report points at. Default: the tape in `out`. */
  readonly tape?: string
  readonly print: (report: Report) => string
}

/**
 * Writes and prints what a run came to: all files, standard output, the summary of the job, and report.json last, so that its
 * `complete` vouches for the others. What cannot be rendered or written makes it a run that ended in an error of ours; everything
 * else is written all the same, and says so. Returns the report that counts. Never throws.
 */
export async function publish({ out, tape, reportOf, shown, print }: ToPublish, io: Io): Promise<Report> {
  const run = { report: reportOf(), failed: false, printed: false }
  let lost: unknown = null

  async function attempt(write: (report: Report) => void | Promise<void>): Promise<void> {
    try {
      await write(run.report)
    } catch (error) {
      if (run.failed) return
      run.failed = true
      run.report = reportOf(error)
      // What standard output could not take is said once, where the command ends.
      if (run.printed && error !== lost) io.err(`${printable(ourError(error).sentence)}\n`)
      await attempt(writeFiles)
    }
  }

  async function writeFiles(report: Report): Promise<void> {
    if (out) out.write({ report, ...shown, exchanges: await exchangesNamed(tape ?? out.tapePath, namesShown(report)) })
  }

  await attempt(writeFiles)
  await attempt(async (report) => {
    run.printed = true
    io.out(print(report))
    lost = await io.flush()
    // Who closes a terminal interrupts what runs in it: that is what the reports say, and nobody reads the rest.
    if (lost && report.ending !== 'interrupted') throw lost
  })
  await attempt((report) => out?.summarize({ report, ...shown, exchanges: new Map() }))
  await attempt((report) => out?.vouch({ report, ...shown, exchanges: new Map() }))
  return run.report
}
