import { join } from 'node:path'
import { setupServer } from 'msw/node'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import type { Fault } from '../../fixtures/gateways/fault.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { handlers } from '../../fixtures/gateways/handlers.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { createTape, readTape } from '../harness/tape/tape.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { overHttp } from '../harness/wire/transport.ts'
import { judgeTape, record, tapeOf } from './proof.ts'
import { scratch } from './scratch.ts'

/** The outcomes, by id: what has to agree, whatever the way the bytes went. */
function outcomes(tape: readonly Exchange[], unless: readonly string[] = []): Record<string, string> {
  const verdicts = judgeTape(tape).verdicts.filter(({ id }) => id !== byTime && !unless.includes(id))
  return Object.fromEntries(verdicts.map(({ id, outcome, why }) => [id, `${outcome} ${why}`]))
}

/** Judged by times that are declared in process and that no test waits for on a socket. */
const byTime = 'streaming/incremental'

/** msw has no way to break a connection, or to lie about a length. */
function sayable({ socket, breaks }: Fault): boolean {
  return !socket && !breaks.includes('transport/whole')
}

/** Likewise, of the reference's own failures. */
const unsayable = ['upstream/cut-shows']

/** A connection that is left open ends by a limit only: in process that is declared, on a socket it would have to be waited for. */
function ends({ breaks }: Fault): boolean {
  return !breaks.includes('streaming/closes')
}

/** Every twentieth fault: each area is among them, and a run over sockets costs something. */
const some = faults.filter(ends).filter((_, index) => index % 20 === 0)

describe('a gateway is judged over loopback as it is in process', () => {
  test('the reference', async () => {
    const inProcess = outcomes(await tapeOf(createReference()))
    expect(outcomes(await tapeOf(createReference(), { socket: true }))).toEqual(inProcess)
  })

  test.for(some)('$id', async ({ over, run }) => {
    const inProcess = outcomes(await tapeOf(over(createReference()), { run }))
    expect(outcomes(await tapeOf(over(createReference()), { socket: true, run }))).toEqual(inProcess)
  })
})

describe('a gateway is judged behind msw as it is in process', () => {
  test.for([{ id: 'the reference', over: (inner: Gateway) => inner }, ...some.filter(sayable)])(
    '$id',
    async ({ over, run }: Pick<Fault, 'over' | 'run'>) => {
      const baseUrl = 'http://gateway.test/anthropic'
      const server = setupServer(...handlers(over(createReference()), baseUrl))
      server.listen({ onUnhandledRequest: 'error' })
      const transport = overHttp({})
      onTestFinished(async () => {
        await transport.close()
        server.close()
      })
      const behindMsw = outcomes(await record(transport, baseUrl, { run }), unsayable)
      expect(behindMsw).toEqual(outcomes(await tapeOf(over(createReference()), { run }), unsayable))
    },
  )
})

test('a tape that was written and read back is judged alike', async () => {
  const directory = scratch()
  const path = join(directory, 'tape.jsonl')
  const tape = await tapeOf(createReference())
  const target = { kind: 'reference', baseUrl: 'http://127.0.0.1', model: 'claude-reference' } as const
  const tool = { name: 'messages-conformance', version: '0.0.0' }
  const writer = createTape(path, {
    kind: 'header',
    format: 1,
    tool,
    target,
    profile: 'full',
    started: '2026-11-24T00:00:00.000Z',
  })
  for (const exchange of tape) writer.write(exchange)
  const sent = { requests: tape.length, inputTokens: 0, outputTokens: 0 }
  writer.end({ ending: 'complete', sent, ended: '2026-11-24T00:00:01.000Z' })
  const read: Exchange[] = []
  for await (const exchange of (await readTape(path)).exchanges) read.push(exchange)
  expect(judgeTape(read)).toEqual(judgeTape(tape))
})
