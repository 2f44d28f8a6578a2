import { everySoOften } from '../../../fixtures/gateways/timer.ts'

/*
 * On a busy machine a process is kept from looking, for seconds at times: what came meanwhile is read all at once, and late. That is no
 * doing of the gateway.
 */

export interface Lateness {
  /** Somebody waits for what comes, until the function that is returned is called. */
  watch(): () => void
  /** The earliest moment at which what is read now may have come: now, unless we were kept from looking until just before. */
  earliest(now: number): number
}

/** Milliseconds from one look at the clock to the next, and those after which a look was late. */
const beat = 25
const late = 4 * beat

/** Looks at the clock again and again while somebody waits. `repeat` calls a function each so many milliseconds, until it is stopped. */
export function lateness(
  clock: () => number = () => performance.now(),
  repeat: (look: () => void, milliseconds: number) => () => void = everySoOften,
): Lateness {
  let waiting = 0
  let stop: () => void = () => {}
  let last = -Infinity
  const kept = { from: -Infinity, until: -Infinity }

  function look(): void {
    const now = clock()
    if (now - last > late) {
      // What was only just over goes on: one look in between may have seen nothing of what came.
      if (last - kept.until > late) kept.from = last
      kept.until = now
    }
    last = now
  }

  return {
    watch() {
      if (waiting++ === 0) {
        last = clock()
        stop = repeat(look, beat)
      }
      let isOver = false
      return () => {
        if (!isOver && --waiting === 0) stop()
        isOver = true
      }
    },
    earliest(now) {
      if (now - last > late) return last - kept.until > late ? last : kept.from
      return now - kept.until > late ? now : kept.from
    },
  }
}
