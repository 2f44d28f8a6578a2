import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { keyedBy, keyless } from '../../fixtures/gateways/keyed.ts'
import { useless } from '../../fixtures/gateways/useless.ts'
import { variants } from '../../fixtures/gateways/variants.ts'
import type { Diagnosis } from '../../schemas/types.ts'
import { usualLimits } from '../harness/gather/limits.ts'
import { createTape } from '../harness/tape/tape.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { inProcess } from '../harness/wire/in-process.ts'
import { examine } from '../run/examine.ts'
import { referenceTarget } from '../run/reference-target.ts'
import { concludeRecording, rejudge } from '../run/rejudge.ts'
import type { Concluded } from '../run/judging.ts'
import { forTarget, wholeProfile, type Selection } from '../run/selection.ts'
import type { Target } from '../harness/wire/target.ts'
import { scratch } from './scratch.ts'

/* judge of the tape of a check gives the verdicts and the exit code of that check: whatever the gateway, and however the run ended. */

const today = '2026-11-26'
const started = '2026-11-26T00:00:00.000Z'

interface Concerned {
  readonly id: string
  readonly gateway: Gateway
  readonly selection?: Partial<Selection>
  readonly target?: Partial<Target>
}

/** What a check comes to, and what judging its tape does: two things that have to be equal. */
async function bothOf({
  gateway,
  selection: part = {},
  target: how = {},
}: Concerned): Promise<readonly [checked: object, judged: object]> {
  const directory = scratch()
  const path = join(directory, 'tape.jsonl')
  const target = { ...referenceTarget('http://gateway.invalid'), kind: 'gateway' as const, ...how }
  const selection = forTarget({ ...wholeProfile('sdk'), ...part }, target)
  const { profile, ...asked } = selection
  const identity = { kind: target.kind, baseUrl: target.baseUrl, model: target.model }
  const tool = { name: 'messages-conformance', version: '0.0.0' }
  const tape = createTape(path, { kind: 'header', format: 1, tool, target: identity, profile, asked, started })
  const exchanges: Exchange[] = []
  const limits = { ...usualLimits, patience: 0, idleTimeout: 120_000 }
  const checked = await examine(target, selection, limits, {
    transport: inProcess(gateway),
    record: (exchange) => {
      exchanges.push(exchange)
      tape.write(exchange)
    },
    signal: new AbortController().signal,
    today,
  })
  const { gathered, outcome, diagnosis } = checked
  tape.end({ ending: gathered.ending, ...(diagnosis && { diagnosis }), sent: gathered.sent, ended: started })
  const again = concludeRecording(await rejudge(path, (recorded) => recorded), today)
  return [
    comparable(outcome, diagnosis, gathered.sent.requests),
    comparable(again.outcome, again.diagnosis, exchanges.length),
  ]
}

function comparable({ verdicts, capabilities, conclusion }: Concluded, diagnosis: Diagnosis | null, requests: number) {
  const { exitCode, reasons, failing, waived } = conclusion
  return { verdicts, capabilities, exitCode, reasons, failing, waived, diagnosis, requests }
}

const over = (gateways: readonly { readonly id: string; readonly over: (inner: Gateway) => Gateway }[]): Concerned[] =>
  gateways.map(({ id, over: inFront }) => ({ id, gateway: inFront(createReference()) }))

describe('the reference', () => {
  test.for<Concerned>([
    { id: 'as it is', gateway: createReference() },
    { id: 'at full', gateway: createReference(), selection: { profile: 'full' } },
    { id: 'in part', gateway: createReference(), selection: { only: ['streaming'] } },
    { id: 'at a quick look', gateway: createReference(), selection: { quick: true } },
    { id: 'strictly', gateway: createReference(), selection: { strict: true, require: ['vision'] } },
    { id: 'without a key', gateway: keyless(createReference()), target: { auth: 'none', key: null } },
    {
      id: 'with a key in a header of its own',
      gateway: keyedBy('api-key', createReference()),
      target: { keyHeader: 'api-key' },
    },
    { id: 'without tools', gateway: createReference(), selection: { lacks: ['vision'] } },
    {
      id: 'with a waiver that is no longer needed',
      gateway: createReference(),
      selection: { waivers: [{ id: 'streaming/ends', because: 'ticket 7', until: '2099-01-01' }] },
    },
  ])('$id', async (concerned) => {
    const [checked, judged] = await bothOf(concerned)
    expect(judged).toEqual(checked)
  })
})

describe('each legal variant', () => {
  test.for(over(variants.filter(({ socket }) => !socket)))('$id', async (concerned) => {
    const [checked, judged] = await bothOf(concerned)
    expect(judged).toEqual(checked)
  })
})

describe('each fault', () => {
  test.for(over(faults.filter(({ socket }) => !socket)))('$id', async (concerned) => {
    const [checked, judged] = await bothOf(concerned)
    expect(judged).toEqual(checked)
  })
})

describe('each useless gateway', () => {
  test.for<Concerned>(useless)('$id', async (concerned) => {
    const [checked, judged] = await bothOf(concerned)
    expect(judged).toEqual(checked)
  })
})

describe('a gateway that accepts one credential header only', () => {
  const answers401 = (refused: string): Gateway => {
    const inner = createReference()
    return (request) => {
      if (!request.headers.has(refused)) return inner(request)
      const headers = new Headers(request.headers)
      headers.delete(refused)
      return inner(new Request(request, { headers }))
    }
  }
  test.for(['authorization', 'x-api-key'])('and not %s', async (header) => {
    const [checked, judged] = await bothOf({ id: header, gateway: answers401(header) })
    expect(judged).toEqual(checked)
  })
})
