import { toBytes, type Bytes, type Gateway } from '../../fixtures/gateways/answer.ts'
import type { TapeHeader } from '../../schemas/types.ts'
import type { Answered, Exchange } from '../../suites/harness/wire/exchange.ts'
import { credentialsSent } from '../../suites/harness/tape/credentials-sent.ts'
import { knownQuery } from '../../suites/harness/tape/known-query.ts'
import { redactor } from '../../suites/harness/tape/redact.ts'
import { inPath } from '../../suites/run/secrets.ts'
import { createTape, type TapeWriter } from '../../suites/harness/tape/tape.ts'
import { claim } from '../claim.ts'
import { tool } from '../tool.ts'
import { tryWriting } from '../try-writing.ts'

export interface Log {
  /** The same gateway, every exchange with it written down when it has answered. */
  over(gateway: Gateway): Gateway
  /** Resolves with what went wrong once an exchange could not be written down. */
  readonly lost: Promise<unknown>
  /** Writes the footer, unless something was lost. */
  end(): void
}

/**
 * What is said to a mock, as a tape that `judge` reads; credentials are redacted. Throws an InputError where it cannot be written, or
 * another mock is writing it.
 */
export function mockLog(path: string, target: { readonly baseUrl: string; readonly model: string }, key: string): Log {
  tryWriting(path, 'name another file by --log')
  const release = claim(`${path}.lock`, `--log ${path}`)
  const tape = begin(path, target, release)
  let count = 0
  let isLost = false
  let lose: (error: unknown) => void = () => {}
  const lost = new Promise<unknown>((resolve) => (lose = resolve))

  function write(exchange: Exchange): void {
    if (isLost) return
    try {
      tape.write(exchange)
    } catch (error) {
      isLost = true
      lose(error)
    }
  }

  return {
    lost,
    over: (gateway) => async (request) => {
      const body = request.body === null ? null : await request.clone().text()
      const { pathname, searchParams } = new URL(request.url)
      const headers = [...request.headers]
      const answer = await gateway(request)
      const redact = redactor(credentialsSent([['x-api-key', key], ...headers], request.url, body))
      const exchange: Exchange = {
        fixture: `mock/${++count}`,
        origin: 'recorded',
        attempt: 1,
        needs: [],
        values: {},
        sent: redact.sent({ method: request.method, path: pathname + knownQuery(searchParams), headers, body }),
        came: redact.came(answered(toBytes(answer))),
      }
      write(exchange)
      return answer
    },
    end: () => {
      try {
        const sent = { requests: count, inputTokens: 0, outputTokens: 0 }
        if (!isLost) tape.end({ ending: 'recorded', sent, ended: new Date().toISOString() })
      } finally {
        release()
      }
    },
  }
}

function begin(path: string, target: Omit<TapeHeader['target'], 'kind'>, release: () => void): TapeWriter {
  try {
    return createTape(path, {
      kind: 'header',
      format: 1,
      tool,
      target: redactor(inPath(target.baseUrl)).value({ kind: 'reference', ...target }),
      profile: 'full',
      started: new Date().toISOString(),
    })
  } catch (error) {
    release()
    throw error
  }
}

const endings = { cleanly: 'complete', broken: 'cut', never: 'hung' } as const

function answered({ status, headers, pieces, ends }: Bytes): Answered {
  return {
    kind: 'answer',
    status,
    headers,
    body: Buffer.concat(pieces.map(({ bytes }) => bytes)),
    chunks: pieces.map(({ at, bytes }) => [Math.round(at * 10) / 10, bytes.length]),
    ends: endings[ends],
    endedAt: null,
  }
}
