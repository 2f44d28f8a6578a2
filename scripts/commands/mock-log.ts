import { toBytes, type Bytes, type Gateway } from '../../fixtures/gateways/answer.ts'
import type { Answered, Exchange } from '../../suites/harness/wire/exchange.ts'
import { redactor } from '../../suites/harness/tape/redact.ts'
import { createTape } from '../../suites/harness/tape/tape.ts'
import { tool } from '../report/report.ts'

export interface Log {
  /** The same gateway, every exchange with it written down when it has answered. */
  over(gateway: Gateway): Gateway
  end(): void
}

/** What is said to a mock, as a tape that `judge` reads; credentials are redacted. Throws an InputError where it cannot be written. */
export function mockLog(path: string, target: { readonly baseUrl: string; readonly model: string }, key: string): Log {
  const tape = createTape(path, {
    kind: 'header',
    format: 1,
    tool,
    target: { kind: 'reference', ...target },
    profile: 'full',
    started: new Date().toISOString(),
  })
  let count = 0
  return {
    over: (gateway) => async (request) => {
      const body = request.body === null ? null : await request.clone().text()
      const { pathname, search } = new URL(request.url)
      const headers = [...request.headers]
      const answer = await gateway(request)
      const { text: _, ...redact } = redactor([key, ...credentials(request)])
      const exchange: Exchange = {
        fixture: `mock/${++count}`,
        origin: 'recorded',
        attempt: 1,
        needs: [],
        values: {},
        sent: redact.sent({ method: request.method, path: pathname + search, headers, body }),
        came: redact.came(answered(toBytes(answer))),
      }
      tape.write(exchange)
      return answer
    },
    end: () =>
      tape.end({
        ending: 'recorded',
        sent: { requests: count, inputTokens: 0, outputTokens: 0 },
        ended: new Date().toISOString(),
      }),
  }
}

function credentials({ headers }: Request): string[] {
  return [headers.get('x-api-key') ?? '', (headers.get('authorization') ?? '').replace(/^\w+ +/, '')].filter(Boolean)
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
