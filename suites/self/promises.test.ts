import { describe, expect, onTestFinished, test } from 'vitest'
import type { Capability, ClientSetting, Profile } from '../../schemas/types.ts'
import { alter, alterMessage, alterRequest, errorAnswer, instead, plainMessage } from '../../fixtures/gateways/alter.ts'
import { losing } from '../../fixtures/gateways/attachments.ts'
import { keyedBy, keyless } from '../../fixtures/gateways/keyed.ts'
import type { Answer, Gateway } from '../../fixtures/gateways/answer.ts'
import { generates, hear, mentions, type Heard, type Json } from '../../fixtures/gateways/parts.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { serve } from '../../fixtures/gateways/serve.ts'
import { variants } from '../../fixtures/gateways/variants.ts'
import { profiles } from '../../schemas/values.ts'
import type { RequirementId } from '../ids.ts'
import { examine } from '../run/examine.ts'
import { usualLimits } from '../harness/gather/limits.ts'
import { referenceTarget } from '../run/reference-target.ts'
import { forTarget, wholeProfile } from '../run/selection.ts'
import type { Target } from '../harness/wire/target.ts'

/* What the exit code says of gateways that people really have. */

async function examined(
  gateway: Gateway,
  profile: Profile,
  more: {
    require?: readonly Capability[]
    strict?: boolean
    only?: readonly RequirementId[]
    clientSettings?: readonly ClientSetting[]
  } = {},
  how: Partial<Target> = {},
) {
  const server = await serve(gateway)
  onTestFinished(() => server.close())
  const target = { ...referenceTarget(server.url), kind: 'gateway' as const, ...how }
  const selection = forTarget({ ...wholeProfile(profile), ...more }, target)
  const { outcome, diagnosis } = await examine(target, selection, usualLimits, {
    signal: new AbortController().signal,
    today: '2026-11-24',
  })
  return { ...outcome, diagnosis }
}

const dumb = variants.filter(({ id }) => id.startsWith('dumb-'))

describe('a dumb but correct server exits 0: what its model did not do is unjudged, not broken', () => {
  test.for(dumb.flatMap((variant) => profiles.map((profile) => [variant.id, profile, variant] as const)))(
    '%s at %s',
    async ([, profile, { over }]) => {
      const { conclusion, verdicts, capabilities } = await examined(over(createReference()), profile)
      expect(conclusion).toMatchObject({ exitCode: 0, conformant: true, reasons: [] })
      if (profile === 'minimum') return
      expect(capabilities).toMatchObject({ vision: 'not-shown', tools: 'shown', streaming: 'shown' })
      for (const id of ['output/history-read', 'vision/seen', 'tools/results-read'])
        expect(verdicts.find((one) => one.id === id)).toMatchObject({ outcome: 'unjudged', why: 'model' })
    },
  )

  test('but what it is required to show, and does not, is not proven', async () => {
    const [server] = dumb
    const { conclusion } = await examined(server?.over(createReference()) ?? createReference(), 'sdk', {
      require: ['vision'],
    })
    expect(conclusion).toMatchObject({ exitCode: 2, reasons: ['vision is required and was not shown.'] })
  })
})

test('a firewall that hangs up on source code is not proven, and the request is named; in prose the same session was served', async () => {
  const reference = createReference()
  const { conclusion, verdicts } = await examined(async (request) => {
    if (mentions('<script')(await hear(request))) throw new Error('hangs up')
    return reference(request)
  }, 'claude-code')
  expect(conclusion).toMatchObject({ exitCode: 2, failing: [] })
  expect(conclusion.reasons).toContain('clients/source-code-served was not judged: no answer came.')
  expect(verdicts.find(({ id }) => id === 'clients/session-served')).toMatchObject({ outcome: 'holds' })
})

test.for<[about: string, status: number, type: string, cause: string]>([
  ['200 and the page of a challenge', 200, 'text/html', '200 without a Message, where PROSE'],
  ['200 and JSON of its own', 200, 'application/json', '200 without a Message, where PROSE'],
  ['200 and an empty stream', 200, 'text/event-stream', '200 without a Message, where PROSE'],
  ['a redirect', 302, 'text/html', '302, where PROSE'],
  ['406', 406, 'text/html', '406, where PROSE'],
  ['501', 501, 'text/plain', '501, where PROSE'],
  ['503, which may have another cause', 503, 'text/html', '503'],
])('a firewall that answers source code alone by %s is a breach', async ([, status, type, cause]) => {
  const reference = createReference()
  const bodies: Readonly<Record<string, string>> = {
    'text/html': '<html><head><title>Just a moment...</title></head></html>',
    'application/json': '{"code":"blocked"}',
  }
  const answer: Answer = { status, headers: [['content-type', type]], body: { raw: bodies[type] ?? '' } }
  const { verdicts } = await examined(
    async (request) => (mentions('<script')(await hear(request)) ? answer : reference(request)),
    'claude-code',
    { only: ['clients/source-code-served'] },
  )
  const prose = 'clients/prose:stream was served: request-body inspection'
  const verdict = verdicts.find(({ id }) => id === 'clients/source-code-served')
  expect(verdict?.findings.map(({ actual }) => actual)).toEqual([cause.replace('PROSE', prose)])
})

describe('shown is proven', () => {
  const required = (capabilities: Readonly<Record<string, string>>): readonly string[] =>
    Object.keys(capabilities).filter((name) => capabilities[name] === 'shown')

  test('a translator that ignores pictures and stop sequences shows neither', async () => {
    const translator = (inner: Gateway): Gateway =>
      losing(({ type }) => type === 'image')(alterRequest(({ stop_sequences: _, ...body }) => body)(inner))
    const { conclusion, capabilities } = await examined(translator(createReference()), 'sdk')
    expect(capabilities).toMatchObject({ vision: 'broken', 'stop-sequences': 'broken' })
    expect(conclusion.reasons).toEqual(['vision/seen is broken.', 'output/stop-sequence-kept is broken.'])
    expect(required(capabilities)).not.toContain('vision')
  })

  test('a mock that says "default" to everything shows nothing that takes a model', async () => {
    const { capabilities } = await examined(mockOf(plainMessage), 'full')
    const shown = ['bearer', 'count-tokens', 'default-version', 'models', 'streaming', 'x-api-key']
    expect(required(capabilities).toSorted()).toEqual(shown)
    expect(capabilities).toMatchObject({ vision: 'not-shown', documents: 'not-shown', 'structured-output': 'broken' })
  })
})

/** Answers every valid request for a Message with the same one. */
function mockOf(said: (id: string) => Json): Gateway {
  let count = 0
  return alterMessage(() => ({ ...said(`msg_mock${++count}`), content: [{ type: 'text', text: 'default' }] }))(
    createReference(),
  )
}

const noVision = variants.find(({ id }) => id === 'no-vision')
const isPicture = (heard: Heard): boolean => generates(heard) && JSON.stringify(heard.body).includes('"type":"image"')

describe('a gateway without vision', () => {
  test('that declines politely exits 0, and lists it', async () => {
    const { conclusion, capabilities, verdicts } = await examined(
      noVision?.over(createReference()) ?? createReference(),
      'sdk',
    )
    expect(conclusion.exitCode).toBe(0)
    expect(capabilities['vision']).toBe('declined')
    expect(verdicts.find(({ id }) => id === 'vision/seen')?.outcome).toBe('not-applicable')
  })

  test('that declines politely exits 1 where vision is required', async () => {
    const { conclusion } = await examined(noVision?.over(createReference()) ?? createReference(), 'sdk', {
      require: ['vision'],
    })
    expect(conclusion).toMatchObject({ exitCode: 1, reasons: ['vision/offered is broken.'] })
  })

  test('that answers 200 and ignores the picture exits 1', async () => {
    const blind = alterRequest(
      (body) =>
        JSON.parse(
          JSON.stringify(body, (_, value: unknown) =>
            (value as Json | null)?.['type'] === 'image' ? { type: 'text', text: 'x' } : value,
          ),
        ) as Json,
    )
    const { conclusion } = await examined(blind(createReference()), 'sdk')
    expect(conclusion).toMatchObject({ exitCode: 1, reasons: ['vision/seen is broken.'] })
  })

  test('that answers 500 exits 1', async () => {
    const failing = instead((heard) =>
      isPicture(heard) ? errorAnswer(500, 'api_error', 'Internal server error') : null,
    )
    const { conclusion } = await examined(failing(createReference()), 'sdk')
    expect(conclusion.exitCode).toBe(1)
    expect(conclusion.reasons).toContain('vision/offered is broken.')
  })
})

describe('a gateway that declines tools politely', () => {
  const toolless = instead(({ body }) =>
    'tools' in body ? errorAnswer(400, 'invalid_request_error', 'tools: not supported') : null,
  )

  test('also where they are to be counted, exits 0 at sdk', async () => {
    const { conclusion, capabilities, verdicts } = await examined(toolless(createReference()), 'sdk')
    expect(conclusion).toMatchObject({ exitCode: 0, reasons: [] })
    expect(capabilities).toMatchObject({ tools: 'declined', 'count-tokens': 'shown' })
    expect(verdicts.filter(({ outcome }) => outcome === 'broken').map(({ id }) => id)).toEqual([])
    expect(verdicts.find(({ id }) => id === 'tokens/served')?.outcome).toBe('holds')
  })

  test('exits 1 at claude-code', async () => {
    const { conclusion } = await examined(toolless(createReference()), 'claude-code')
    expect(conclusion).toMatchObject({ exitCode: 1, reasons: ['tools/offered is broken.'] })
  })
})

test('a polite refusal of PDFs breaks nothing where documents are lost without a word: that is the breach', async () => {
  const lossy = (inner: Gateway): Gateway =>
    instead((heard) =>
      mentions('application/pdf')(heard) ? errorAnswer(400, 'invalid_request_error', 'PDFs are not supported') : null,
    )(losing(({ type }) => type === 'document')(inner))
  const { verdicts, capabilities } = await examined(lossy(createReference()), 'full')
  const broken = verdicts.filter(({ outcome }) => outcome === 'broken').map(({ id }) => id)
  expect(broken).toEqual(['documents/read'])
  expect(capabilities['documents']).toBe('broken')
})

test('an answer that reports more than was asked is what differs from the count, not the count', async () => {
  const padded = alterMessage((message) => ({ ...message, usage: { ...message.usage, input_tokens: 900 } }))
  const { verdicts } = await examined(padded(createReference()), 'sdk')
  expect(verdicts.find(({ id }) => id === 'tokens/as-usage')?.findings).toMatchObject([
    { fixture: 'messages/hello', at: '/usage/input_tokens', actual: '900' },
  ])
})

describe('a gateway that drops tools silently does not exit 0 at claude-code', () => {
  test.for<[name: string, streamed: (body: Json) => boolean]>([
    ['in both modes', () => true],
    ['in JSON', ({ stream }) => stream !== true],
    ['in the stream', ({ stream }) => stream === true],
  ])('%s', async ([, applies]) => {
    const dropping = alterRequest(({ tools, tool_choice, ...body }) =>
      applies(body)
        ? body
        : { ...body, ...(tools !== undefined && { tools }), ...(tool_choice !== undefined && { tool_choice }) },
    )
    const { conclusion } = await examined(dropping(createReference()), 'claude-code')
    expect(conclusion.exitCode).not.toBe(0)
  })
})

test.for(profiles)(
  'a gateway that takes "stream": "true" for true exits 0 at %s, with one should at most',
  async (profile) => {
    const lenient = variants.find(({ id }) => id === 'stream-as-word')
    const { conclusion, verdicts } = await examined(lenient?.over(createReference()) ?? createReference(), profile)
    expect(conclusion.exitCode).toBe(0)
    const broken = verdicts.filter(({ outcome }) => outcome === 'broken').map(({ id }) => id)
    expect(broken).toEqual(profile === 'minimum' ? [] : ['validation/refused'])
  },
)

test('the answer of the seed page holds every must of minimum', async () => {
  const seed = variants.find(({ id }) => id === 'seed-page')
  const { conclusion, verdicts } = await examined(seed?.over(createReference()) ?? createReference(), 'minimum')
  expect(conclusion).toMatchObject({ exitCode: 0, reached: 'minimum', reasons: [] })
  expect(verdicts.filter(({ level, outcome }) => level === 'must' && outcome === 'broken')).toEqual([])
})

test('a gateway that stops answering in the middle of a run is lost, not broken', async () => {
  let asked = 0
  const right = createReference()
  const gone = alter((answer) => (++asked > 8 ? { ...answer, wire: { breaksAfter: 0 }, body: { raw: '' } } : answer))
  const { conclusion } = await examined(gone(right), 'minimum')
  expect(conclusion.exitCode).not.toBe(0)
})

test('a gateway that echoes text and loses tool arguments does not exit 0', async () => {
  const losing = alterMessage((message) => ({
    ...message,
    content: (message.content as unknown as Json[]).map((block) =>
      block['type'] === 'tool_use' ? { ...block, input: {} } : block,
    ),
  }))
  const { conclusion } = await examined(losing(createReference()), 'sdk')
  expect(conclusion.exitCode).toBe(1)
})

describe('whoever was handed a Base URL', () => {
  const variant = (id: string): Gateway => {
    const found = variants.find((one) => one.id === id)
    if (!found) throw new Error(`no variant is called ${id}`)
    return found.over(createReference())
  }
  const broken = (verdicts: readonly { outcome: string; id: string }[]): readonly string[] =>
    verdicts.flatMap(({ outcome, id }) => (outcome === 'broken' ? [id] : []))

  test('a gateway that takes what its page shows, and nothing else, keeps the promise of minimum, and not that of sdk', async () => {
    const { conclusion, verdicts } = await examined(variant('page'), 'minimum')
    expect(conclusion).toMatchObject({ exitCode: 0, conformant: true })
    expect(broken(verdicts)).toEqual([])
    expect((await examined(variant('page'), 'sdk')).conclusion.exitCode).toBe(1)
  })

  test('one that demands a version exits 0 with a should, and 1 where a default version is required', async () => {
    for (const profile of profiles) {
      const { conclusion, verdicts } = await examined(variant('version-required'), profile)
      expect(conclusion.exitCode).toBe(0)
      expect(broken(verdicts)).toEqual(['messages/page-served'])
    }
    const { conclusion } = await examined(variant('version-required'), 'minimum', { require: ['default-version'] })
    expect(conclusion).toMatchObject({ exitCode: 1, reasons: ['auth/default-version-offered is broken.'] })
  })

  test('where a version is demanded, the first request with one says whether anybody can be judged', async () => {
    const strangers = instead(({ request }) =>
      request.headers.has('anthropic-version')
        ? errorAnswer(404, 'not_found_error', 'model: claude-reference')
        : errorAnswer(400, 'invalid_request_error', 'anthropic-version: header is required'),
    )
    const { diagnosis, conclusion } = await examined(strangers(createReference()), 'sdk')
    expect(diagnosis).toMatchObject({ kind: 'no-model' })
    expect(conclusion.exitCode).toBe(2)
  })

  test.for([
    [404, 'not_found_error'],
    [403, 'permission_error'],
    [422, 'invalid_request_error'],
  ] as const)(
    'one that demands a version by %i is judged all the same, and accused of that',
    async ([status, type]) => {
      const demanding = instead(({ request, method }) =>
        method === 'POST' && !request.headers.has('anthropic-version')
          ? errorAnswer(status, type, 'which version?')
          : null,
      )
      const { conclusion, verdicts, diagnosis } = await examined(demanding(createReference()), 'sdk')
      expect(diagnosis).toBeNull()
      expect(conclusion).toMatchObject({ exitCode: 1, reasons: ['auth/default-version-offered is broken.'] })
      expect(broken(verdicts)).toEqual(['auth/default-version-offered', 'messages/page-served'])
    },
  )

  test('one that takes content as a string only is there, and does not take what its page shows', async () => {
    const stringsOnly = instead((heard) =>
      generates(heard) && (heard.body['messages'] as Json[]).some(({ content }) => typeof content !== 'string')
        ? errorAnswer(400, 'invalid_request_error', 'messages.0.content: Input should be a valid string')
        : null,
    )
    const { conclusion, verdicts } = await examined(stringsOnly(createReference()), 'minimum')
    expect(conclusion.exitCode).toBe(1)
    expect(broken(verdicts)).toContain('messages/served')
  })

  test('a key that is taken as x-api-key only keeps the promise of no profile; as Bearer only, that of full', async () => {
    const without = (name: string, other: string) =>
      instead(({ request }) =>
        request.headers.has(name) && !request.headers.has(other)
          ? errorAnswer(401, 'authentication_error', 'use another header')
          : null,
      )
    for (const profile of profiles) {
      const only = without('authorization', 'x-api-key')(createReference())
      expect((await examined(only, profile)).conclusion.exitCode).toBe(1)
      const bearer = without('x-api-key', 'authorization')(createReference())
      expect((await examined(bearer, profile)).conclusion.exitCode).toBe(profile === 'full' ? 1 : 0)
    }
  })
})

describe('what Claude Code cannot do without is no matter for SDKs', () => {
  const lacking: readonly [id: string, requirement: RequirementId, setting: ClientSetting][] = [
    ['no-thinking', 'clients/accepts-thinking', 'MAX_THINKING_TOKENS=0'],
    ['no-structured-output', 'clients/accepts-effort', 'CLAUDE_CODE_EFFORT_LEVEL=unset'],
    ['no-caching', 'clients/accepts-caching', 'DISABLE_PROMPT_CACHING=1'],
    ['strict-fields', 'clients/accepts-context-management', 'CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS=1'],
  ]

  function lackingAs(id: string): Gateway {
    const found = variants.find((one) => one.id === id)
    if (!found) throw new Error(`there is no variant ${id}`)
    return found.over(createReference())
  }

  test.for(lacking)('%s: red at claude-code, green at sdk, and green with the setting', async ([id, own, setting]) => {
    const { conclusion, verdicts } = await examined(lackingAs(id), 'claude-code')
    expect(conclusion).toMatchObject({ exitCode: 1, reached: 'sdk', reasons: [`${own} is broken.`] })
    expect(verdicts.find((one) => one.id === own)?.findings[0]?.expected).toMatch(`else set ${setting}`)
    expect((await examined(lackingAs(id), 'sdk')).conclusion).toMatchObject({ exitCode: 0, conformant: true })
    const set = await examined(lackingAs(id), 'claude-code', { clientSettings: [setting] })
    expect(set.conclusion).toMatchObject({ exitCode: 0, conformant: true, reached: 'claude-code' })
    expect(set.verdicts.find((one) => one.id === own)?.outcome).toBe('not-applicable')
  })

  test('what is refused in words that it recovers from is kept', async () => {
    for (const id of ['official-extras', 'generation-4-5']) {
      const { conclusion } = await examined(lackingAs(id), 'claude-code')
      expect(conclusion).toMatchObject({ exitCode: 0, reached: 'claude-code' })
    }
  })
})

describe('how the key travels', () => {
  const noKey = { auth: 'none', key: null } as const

  test('a gateway without keys keeps its promise where none is sent, and what is about keys is not applicable', async () => {
    for (const profile of profiles) {
      const { conclusion, verdicts, capabilities } = await examined(keyless(createReference()), profile, {}, noKey)
      expect(conclusion).toMatchObject({ exitCode: 0, conformant: true })
      expect(verdicts.find(({ id }) => id === 'auth/none-refused')?.outcome).toBe('not-applicable')
      expect(verdicts.find(({ id }) => id === 'auth/bearer-offered')?.outcome).toBe('not-applicable')
      expect(capabilities['bearer']).toBe('not-asked')
    }
    expect((await examined(keyless(createReference()), 'minimum')).conclusion.exitCode).toBe(1)
  })

  test('a key cannot be required to be accepted where none is sent', async () => {
    await expect(examined(keyless(createReference()), 'sdk', { require: ['bearer'] }, noKey)).rejects.toThrow(
      /bearer cannot be/,
    )
  })

  test('a key in a header of the gateway is judged like the others, and is no Bearer token', async () => {
    const { conclusion } = await examined(keyedBy('api-key', createReference()), 'sdk', {}, { keyHeader: 'Api-Key' })
    expect(conclusion.reasons).toEqual(['auth/bearer-offered is broken.'])
    const anybody = keyless(createReference())
    const open = await examined(anybody, 'sdk', {}, { keyHeader: 'api-key' })
    expect(open.conclusion.reasons).toContain('auth/wrong-bearer-refused is broken.')
  })
})
