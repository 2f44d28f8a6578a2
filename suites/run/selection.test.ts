import { requests } from '../../fixtures/requests.ts'
import { describe, expect, test } from 'vitest'
import type { Capability, Profile } from '../../schemas/types.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { errorAnswer } from '../../fixtures/gateways/alter.ts'
import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { gather } from '../harness/gather/gather.ts'
import { usualLimits } from '../harness/gather/limits.ts'
import { redactor } from '../harness/tape/redact.ts'
import { inProcess } from '../harness/wire/in-process.ts'
import { InputError } from '../harness/wire/input-error.ts'
import { referenceTarget } from './reference-target.ts'
import { concludeFor, judgingFor } from './judging.ts'
import { checkedSelection, planFor, wholeProfile, type Selection } from './selection.ts'

const selection = (profile: Profile, more: Partial<Selection> = {}): Selection => ({
  ...wholeProfile(profile),
  ...more,
})
const asked = (of: Selection): readonly string[] => planFor(of, requests).steps.map(({ name }) => name)

/** What a run over a gateway in this process comes to. */
async function concluded(gateway: Gateway, of: Selection) {
  const judging = judgingFor(of)
  const { ending } = await gather({
    plan: planFor(of, requests),
    target: referenceTarget('http://gateway.test'),
    transport: inProcess(gateway),
    limits: usualLimits,
    redactor: redactor([]),
    record: (exchange) => judging.add(exchange),
    signal: new AbortController().signal,
    sleep: () => Promise.resolve(),
  })
  const { conclusion, verdicts } = concludeFor(of, judging.verdicts(), { ending, today: '2026-11-24' })
  return { ...conclusion, verdicts }
}

/** The reference, which refuses politely whatever holds this text. */
const refusing = (text: string): Gateway => {
  const reference = createReference()
  return async (request) =>
    (await request.clone().text()).includes(text)
      ? errorAnswer(400, 'invalid_request_error', 'not here')
      : reference(request)
}

describe('a required capability is asked at any rung', () => {
  test.for<[capability: Capability, probe: string]>([
    ['caching', 'caching/warm'],
    ['documents', 'documents/text'],
    ['thinking', 'thinking/plain'],
    ['citations', 'documents/cited'],
    ['server-tools', 'tools/server'],
    ['structured-output', 'output/structured'],
    ['system-role', 'output/role-system'],
    ['parallel-tools', 'tools/parallel'],
  ])('%s', async ([capability, probe]) => {
    expect(asked(selection('sdk'))).not.toContain(probe)
    const required = selection('sdk', { require: [capability] })
    expect(asked(required)).toContain(probe)
    expect(await concluded(createReference(), required)).toMatchObject({ exitCode: 0, reasons: [] })
  })

  test('and its refusal fails, though its gate stands on a higher one', async () => {
    const gateway = refusing('cache_control')
    expect(await concluded(gateway, selection('sdk'))).toMatchObject({ exitCode: 0 })
    const required = await concluded(gateway, selection('sdk', { require: ['caching'] }))
    expect(required).toMatchObject({ exitCode: 1, failing: ['caching/offered'] })
  })

  test('and what is judged by its probe alone is judged: a 200 that ignores it is no offer', async () => {
    const broken = faults.find(({ breaks }) => breaks.includes('output/structured-kept'))!.over(createReference())
    expect(await concluded(broken, selection('sdk'))).toMatchObject({ exitCode: 0 })
    const required = await concluded(broken, selection('sdk', { require: ['structured-output'] }))
    expect(required).toMatchObject({ exitCode: 1, failing: ['output/structured-kept'] })
  })

  test('but not by a partial look at something else', () => {
    const part = { only: ['usage'], require: ['caching' as const] }
    expect(asked(selection('sdk', part))).toEqual(asked(selection('sdk', { only: ['usage'] })))
  })
})

describe('what a profile requires cannot be lacked', () => {
  test('it fails like a refusal, and nothing is sent for it', async () => {
    const lacking = selection('claude-code', { lacks: ['streaming', 'tools'] })
    expect(asked(lacking).filter((name) => name.endsWith(':stream') || name.startsWith('tools/'))).toEqual([])
    const { exitCode, failing, reasons, reached, verdicts } = await concluded(createReference(), lacking)
    expect({ exitCode, failing, reached }).toEqual({
      exitCode: 1,
      failing: ['streaming/offered', 'tools/offered'],
      reached: 'minimum',
    })
    expect(reasons).toContain('tools/offered is broken.')
    expect(verdicts.find(({ id }) => id === 'tools/offered')?.findings).toEqual([
      {
        fixture: 'tools/single',
        at: 'lacks',
        expected: 'not tools, since tools is required',
        actual: 'tools, and so nothing was sent that needs it',
      },
    ])
  })

  test('where the profile does not require it, it is not applicable', async () => {
    const { exitCode, verdicts } = await concluded(createReference(), selection('sdk', { lacks: ['vision'] }))
    expect(exitCode).toBe(0)
    expect(verdicts.find(({ id }) => id === 'vision/offered')?.outcome).toBe('not-applicable')
  })
})

test('a required capability that is lacking too is refused', () => {
  const both = selection('sdk', { require: ['vision'], lacks: ['vision'] })
  expect(() => checkedSelection(both)).toThrow(InputError)
  expect(() => checkedSelection(both)).toThrow('vision is both required and lacking')
})
