import { describe, expect, test } from 'vitest'
import type { Capability, CapabilityState, Profile } from '../../schemas/types.ts'
import { catalogue, measurements } from '../catalogue.ts'
import type { RequirementId } from '../ids.ts'
import { binds } from '../harness/judge/conclude.ts'
import type { Verdict } from '../harness/judge/judge.ts'
import { clientStates } from './client-states.ts'

/** The verdicts of a run in which all holds but what is named here. */
function verdictsOf(profile: Profile, others: Readonly<Partial<Record<RequirementId, Verdict['outcome']>>> = {}) {
  return catalogue
    .filter((requirement) => binds(requirement.profile, profile))
    .map(({ id, level, profile: rung }): Verdict => ({
      ...{ id, level, profile: rung, blockedBy: [], findings: [] },
      outcome: others[id] ?? 'holds',
      why: others[id] === 'unjudged' ? 'no-answer' : null,
    }))
}

const taken = { bearer: 'shown', 'x-api-key': 'shown' } as const
const states = (
  profile: Profile,
  ...rest: [Parameters<typeof verdictsOf>[1]?, Partial<Record<Capability, CapabilityState>>?]
) => clientStates(verdictsOf(profile, rest[0]), rest[1] ?? taken, profile)

describe('what verdicts mean for a client', () => {
  test('it works where all it needs was asked, and holds', () => {
    const at = (profile: Profile) => Object.values(states(profile)).map(({ status }) => status)
    expect(at('minimum')).toEqual([...Array<string>(8).fill('not-shown'), 'works'])
    expect(at('sdk')).toEqual([...Array<string>(7).fill('works'), 'not-shown', 'works'])
    expect(at('claude-code')).toEqual(Array<string>(9).fill('works'))
  })

  test('nothing works that was asked in part; what breaks breaks all the same', () => {
    const part = clientStates(verdictsOf('full', { 'streaming/ends': 'broken' }), taken, null)
    expect(part['raw-http'].status).toBe('not-shown')
    expect(part['typescript-sdk']).toMatchObject({ status: 'breaks', ids: ['streaming/ends'] })
  })

  test('what got no answer is not shown', () => {
    expect(states('sdk', { 'streaming/ends': 'unjudged' })['typescript-sdk'].status).toBe('not-shown')
  })

  test('it breaks on the broken musts that name it, and says what is met first', () => {
    const { 'claude-code': broken, 'raw-http': other } = states('claude-code', { 'clients/session-served': 'broken' })
    expect(broken).toMatchObject({ status: 'breaks', ids: ['clients/session-served'] })
    expect(broken.sees).toBe(catalogue.find(({ id }) => id === 'clients/session-served')?.because)
    expect(other).toMatchObject({ status: 'works', ids: [] })
  })
})

describe('what a state rests on', () => {
  test('what this client was measured to come to, with its version and the day; or our opinion', () => {
    const { 'typescript-sdk': measured, 'go-sdk': other } = states('sdk', { 'streaming/ends': 'broken' })
    expect(measured).toMatchObject({ status: 'breaks', source: 'measured', ...measurements['typescript-sdk'] })
    expect(other).toMatchObject({ status: 'breaks', source: 'opinion' })
    expect(other.version).toBeUndefined()
    const { 'typescript-sdk': thought } = states('sdk', { 'errors/then-valid': 'broken' })
    expect(thought).toMatchObject({ status: 'breaks', ids: ['errors/then-valid'], source: 'opinion' })
    expect(states('sdk')['typescript-sdk']).toMatchObject({ status: 'works', source: 'measured' })
    expect(states('minimum')['typescript-sdk']).toEqual({ status: 'not-shown', ids: [] })
  })

  test('who was measured to recover recovers, and says how, unless something else breaks it or was not asked', () => {
    const id = 'streaming/ends'
    const how = { recovers: [id], how: expect.stringContaining('asks again') as string }
    const at = (profile: Profile | null, others: Parameters<typeof verdictsOf>[1] = {}) =>
      clientStates(verdictsOf('full', { [id]: 'broken', ...others }), taken, profile)['claude-code']
    expect(at('full')).toMatchObject({ status: 'recovers', ids: [], source: 'measured', ...how })
    expect(at('full', { 'output/system-read': 'broken' })).toMatchObject({
      status: 'breaks',
      ids: ['output/system-read'],
    })
    expect(at(null)).toMatchObject({ status: 'not-shown', ids: [], ...how })
    const { 'claude-code': should } = states('full', { 'thinking/signed': 'broken' })
    expect([should.status, should.recovers]).toEqual(['works', undefined])
  })

  test('what could not be judged for what it recovers from does not leave it open; anything else does', () => {
    const blocked = (by: RequirementId) => {
      const behind = verdictsOf('full', { 'streaming/ends': 'broken' }).map((verdict) =>
        verdict.id === 'clients/session-served'
          ? { ...verdict, outcome: 'unjudged' as const, why: 'prerequisite' as const, blockedBy: [by] }
          : verdict,
      )
      return clientStates(behind, taken, 'full')['claude-code'].status
    }
    expect(blocked('streaming/ends')).toBe('recovers')
    expect(blocked('tools/offered')).toBe('not-shown')
  })
})

describe('what Claude Code cannot do without', () => {
  const claude = (others: Parameters<typeof verdictsOf>[1], held?: Parameters<typeof states>[2]) =>
    states('claude-code', others, held)['claude-code']

  test('where it is refused, or not asked for that reason, it works with a setting', () => {
    const workaround = 'set CLAUDE_CODE_EFFORT_LEVEL=unset'
    expect(claude({ 'clients/accepts-effort': 'broken' })).toMatchObject({ status: 'works-with', ids: [], workaround })
    expect(claude({ 'clients/accepts-effort': 'not-applicable' })).toMatchObject({
      status: 'works-with',
      ids: [],
      workaround,
    })
    expect(claude({ 'clients/accepts-effort': 'unjudged' }).status).toBe('not-shown')
  })

  test('with one setting for each, but where one spares another', () => {
    const refused = { 'clients/accepts-thinking': 'broken', 'clients/accepts-context-management': 'broken' } as const
    expect(claude(refused).workaround).toBe('set MAX_THINKING_TOKENS=0')
    expect(claude({ ...refused, 'clients/accepts-caching': 'broken' }).workaround).toBe(
      'set MAX_THINKING_TOKENS=0 and DISABLE_PROMPT_CACHING=1',
    )
  })

  test('and with the other credential header too; what else is broken breaks it', () => {
    const both = { 'auth/bearer-offered': 'broken', 'clients/accepts-caching': 'broken' } as const
    expect(claude(both, { ...taken, bearer: 'declined' })).toMatchObject({
      status: 'works-with',
      ids: [],
      workaround: 'set ANTHROPIC_API_KEY instead of ANTHROPIC_AUTH_TOKEN, and set DISABLE_PROMPT_CACHING=1',
    })
    const more = claude({ 'clients/session-served': 'broken', 'clients/accepts-caching': 'broken' })
    expect(more).toMatchObject({ status: 'breaks', workaround: 'set DISABLE_PROMPT_CACHING=1' })
    expect(more.ids).toEqual(['clients/session-served', 'clients/accepts-caching'])
  })
})

describe('the credential header', () => {
  test('where only the other one is accepted, it works with that', () => {
    const onlyBearer = states(
      'sdk',
      { 'auth/x-api-key-offered': 'not-applicable' },
      { ...taken, 'x-api-key': 'declined' },
    )
    expect(onlyBearer['typescript-sdk']).toMatchObject({ status: 'works', ids: [] })
    expect(onlyBearer['python-sdk']).toMatchObject({ status: 'works', ids: [] })
    expect(onlyBearer['python-sdk-1']).toMatchObject({
      status: 'works-with',
      ids: [],
      workaround: 'name the key auth_token= instead of api_key=',
    })
    const onlyKey = states('sdk', { 'auth/bearer-offered': 'broken' }, { ...taken, bearer: 'declined' })
    expect(onlyKey['typescript-sdk']).toMatchObject({ status: 'works-with', ids: [] })
    expect(onlyKey['typescript-sdk-0']).toMatchObject({ status: 'works', ids: [] })
  })

  test('where neither is accepted, it breaks, and there is no way round', () => {
    const neither = states('sdk', { 'auth/bearer-offered': 'broken' }, { bearer: 'declined', 'x-api-key': 'declined' })
    expect(neither['typescript-sdk'].status).toBe('breaks')
    expect(neither['typescript-sdk'].workaround).toBeUndefined()
    expect(neither['python-sdk-1']).toMatchObject({ status: 'breaks', ids: ['auth/x-api-key-offered'] })
  })

  test('a way round it is no way round what else is broken', () => {
    const both = { 'auth/bearer-offered': 'broken', 'usage/shape': 'broken' } as const
    const { 'typescript-sdk': sdk } = states('sdk', both, { ...taken, bearer: 'declined' })
    expect(sdk).toMatchObject({ status: 'breaks', workaround: expect.stringContaining('x-api-key') as string })
    expect(sdk.ids).toContain('usage/shape')
  })
})
