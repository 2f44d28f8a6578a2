import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Gateway } from '../../../fixtures/gateways/answer.ts'
import { failures } from '../../../fixtures/gateways/failures.ts'
import { faults } from '../../../fixtures/gateways/faults/faults.ts'
import { defaultKey, defaultModel } from '../../../fixtures/gateways/reference/identity.ts'
import { createReference } from '../../../fixtures/gateways/reference/reference.ts'
import { variants } from '../../../fixtures/gateways/variants.ts'
import type { Diagnosis, DiagnosisKind, Ground, Report } from '../../../schemas/types.ts'
import { report as example } from '../../../schemas/examples.ts'
import { capabilities, diagnosisKinds, levels, profiles } from '../../../schemas/values.ts'
import { areas } from '../../../suites/areas.ts'
import { catalogue } from '../../../suites/catalogue.ts'
import { compare, type Doubt, type Drift } from '../../../suites/harness/compare/compare.ts'
import { collecting } from '../../../suites/harness/compare/drift.ts'
import { clients } from '../../../suites/harness/judge/clients.ts'
import { referenceTarget } from '../../../suites/run/reference-target.ts'
import { scratch, serving } from '../../../suites/self/scratch.ts'
import { commands } from '../../command-table.ts'
import { typedAs } from '../../options.ts'
import { typed } from '../../typed.ts'
import { columns } from '../width.ts'
import { reasons, rules } from './zh-because.ts'
import { zh } from './zh.ts'

/* Nothing that --lang zh renders is left in English but names, the words of the protocol, and what is listed here. */

/** Words that Chinese engineers write in English too: names, and terms of the protocol that are a single word. */
const names = new Set([
  ...[
    'Anthropic',
    'API',
    'ASCII',
    'Base',
    'Bearer',
    'Chat',
    'Claude',
    'Code',
    'Completions',
    'HTTP',
    'SQL',
    'XML',
    'shell',
    'ID',
    'MUST',
    'SHOULD',
  ],
  ...[
    'AI',
    'Go',
    'Java',
    'JPEG',
    'GIF',
    'WebP',
    'JSON',
    'Message',
    'Messages',
    'Node',
    'PDF',
    'Python',
    'SDK',
    'TypeScript',
    'URL',
    'UTC',
  ],
  ...[
    'AuthenticationError',
    'Authorization',
    'BOM',
    'Esc',
    'EventSource',
    'GET',
    'HEAD',
    'IndexError',
    'POST',
    'ReadTimeout',
  ],
  ...[
    'anthropic',
    'any',
    'assistant',
    'beta',
    'citation',
    'content',
    'curl',
    'data',
    'delta',
    'error',
    'event',
    'id',
    'index',
  ],
  ...[
    'input',
    'limit',
    'message',
    'model',
    'name',
    'none',
    'null',
    'ping',
    'repr',
    'role',
    'schema',
    'signature',
    'stop',
  ],
  ...[
    'system',
    'text',
    'thinking',
    'token',
    'tool',
    'type',
    'undefined',
    'usage',
    'user',
    'apiKeyHelper',
    'authToken',
    'apiKey',
  ],
  ...[
    'key',
    'defaultHeaders',
    'plan',
    'length',
    'true',
    'ms',
    'stream',
    'DONE',
    'custom',
    'think',
    'arguments',
    'HTML',
    'temperature',
    'adaptive',
    'enabled',
    'metadata',
    'container',
    'description',
    'strict',
  ],
  ...['auto', 'effort', 'false', 'metadata', 'reasoning', 'refusal', 'required', 'strict', 'temperature'],
  ...commands.map(({ name }) => name),
  ...areas,
  ...capabilities,
  ...levels,
  ...profiles,
  ...Object.keys(clients),
])

const side = {
  verdicts: [],
  failures: [],
  changed: [],
  capabilities: {},
  ending: 'complete',
  features: collecting().features(),
} as const
const unchanged = compare(side, side)

/** The English words of a text that are no names. What holds a digit, a sign or an underscore is an identifier. */
function english(text: string): string[] {
  return text
    .split(/[\s\u3000-\u303F\u4E00-\u9FFF\uFF00-\uFF60“”…]+/u)
    .map((chunk) => chunk.replace(/^["'(<[{]+/, '').replace(/["')>\]},.;:!?]+$/, ''))
    .filter((chunk) => /^[A-Za-z']{2,}$/.test(chunk) && !names.has(chunk))
}

/*
 * What stays in English:
 * - at, expected and actual of a finding: the same words as in report.json, to search for;
 * - the gateway's own words, and the because of a waiver;
 * - the quoted sentence of a source;
 * - what a request, a fault or a variant is about, in plan, list --faults and explain;
 * - the notes of a recording;
 * - what is said on standard error of bad input and of mistakes of this tool.
 */

/** A terminal without what stays. */
function terminal(out: string): string {
  return out
    .split('\n')
    .map((line) => line.replace(/^( {2}(?:位置|应有|实际|重现|curl|依据) +).*/, '$1'))
    .map((line) => line.replace(/^( {2}(?:检验你的网关|看它如何失败)：).*/, '$1'))
    .join('\n')
}

/** A page without what stays: its text, and the attributes that are read. */
function page(html: string): string {
  const said = [...html.matchAll(/ (?:data-words|data-says|aria-label|placeholder|title)="([^"]*)"/g)].map(
    ([, value]) => value,
  )
  const text = html
    .replaceAll(/<(style|script|pre|code|q)\b[^]*?<\/\1>/g, ' ')
    .replaceAll(/<dl><dt>位置.*?<\/dl>|<div class="said">.*?<\/div>/g, ' ')
    .replaceAll(/<span class="id">.*?<\/span>/g, ' ')
    .replaceAll(/<[^>]*>/g, ' ')
  return [...said, text]
    .join('\n')
    .replaceAll(/\{\w+\}/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
}

function markdown(text: string): string {
  return text
    .replaceAll(/<code>.*?<\/code>|`[^`]*`/g, ' ')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
}

function with_(...ids: string[]): Gateway {
  const overs = ids.map((id) => [...faults, ...variants, ...failures].find((one) => one.id === id)!.over)
  return overs.reduce((gateway, over) => over(gateway), createReference())
}

/** What a check says in Chinese, everywhere. */
async function said(
  line: string,
  key = defaultKey,
): Promise<{ readonly code: number; readonly texts: readonly string[] }> {
  const out = scratch()
  const { code, out: printed, err } = await typed(`${line} --lang zh --out ${out}`, { GATEWAY_API_KEY: key }, 80)
  expect(err.replaceAll(/^.*个请求.*$/gm, '').trim()).toBe('')
  const read = (name: string): string => readFileSync(join(out, name), 'utf8')
  const there = readdirSync(out)
  const folders = there.includes('report.html') ? [''] : there.filter((name) => !/[.]/.test(name))
  const ofAll = there.includes('index.html') ? [page(read('index.html')), markdown(read('summary.md'))] : []
  const files = folders.flatMap((folder) => [
    page(read(join(folder, 'report.html'))),
    markdown(read(join(folder, 'summary.md'))),
  ])
  files.push(...ofAll)
  return { code, texts: [terminal(printed), ...files] }
}

describe('nothing is left in English', () => {
  test.for<[what: string, gateway: () => Gateway, options: string, code: number]>([
    ['of what is kept', () => createReference(), '', 0],
    [
      'of what is broken',
      () => with_('streaming/ends-early', 'usage/missing', 'transport/public-cache'),
      '--profile full',
      1,
    ],
    ['of what is declined', () => with_('no-vision', 'bearer-only'), '--require vision', 1],
    ['of what is looked at in part', () => with_('tools/end-turn'), '--only tools', 1],
    ['of what cannot be judged', () => with_('transport/refuses-now-and-then'), '--strict', 1],
    ['of a budget that is too small', () => createReference(), '--max-requests 3', 2],
  ])('%s', async ([, gateway, options, code]) => {
    const ran = await said(`check --base-url ${await serving(gateway())} --model ${defaultModel} ${options}`)
    expect(ran.code).toBe(code)
    for (const text of ran.texts) expect(english(text)).toEqual([])
  })

  test.for([
    ['a refused key', defaultModel, 'another-key-of-24-letters'],
    ['an unknown model', 'another-model', defaultKey],
  ])('of a run that %s stops', async ([, model, key]) => {
    const base = await serving()
    const { code, texts } = await said(`check --base-url ${base} --model ${model}`, key)
    expect(code).toBe(2)
    // The gateway's own words.
    const theirs = /authentication_error: .*?。|not_found_error: .*?。/g
    for (const text of texts) expect(english(text.replaceAll(theirs, ' '))).toEqual([])
  })

  test('of waivers and several targets', async () => {
    const baseUrl = await serving(with_('tools/end-turn'))
    const file = join(scratch(), 'targets.json')
    const waivers = [
      {
        id: 'tools/stop-reason',
        because: '工单 7',
        until: new Date(Date.now() + 86_400_000).toISOString().slice(0, 10),
      },
      { id: 'usage/shape', because: '工单 8', until: '2099-01-01' },
    ]
    const one = { baseUrl, model: defaultModel, key: { env: 'GATEWAY_API_KEY' } }
    writeFileSync(
      file,
      JSON.stringify({
        targets: [
          { ...one, name: 'acme', waivers },
          { ...one, name: 'plain' },
        ],
      }),
    )
    const { code, texts } = await said(`check --target ${file}`)
    expect(code).toBe(1)
    expect(texts).toHaveLength(7)
    for (const text of texts) expect(english(text.replaceAll(/\b(acme|plain)\b/g, ' '))).toEqual([])
  })

  test('of a recording, and of what changed between two', async () => {
    const [old, now] = [scratch(), scratch()]
    await typed(`check --out ${old}`)
    await typed(`check --fault tools/end-turn --out ${now}`)
    for (const line of [`judge ${now}`, `diff ${old} ${now}`, `diff ${now} ${old}`, `diff ${old} ${now} --markdown`]) {
      const { out } = await typed(`${line} --lang zh`)
      expect(out).toMatch(/[\u4E00-\u9FFF]/)
      // A finding is said on the line of what is now broken.
      expect(
        english(
          terminal(out)
            .replaceAll(/应有 .*/g, ' ')
            .replaceAll(/ 的 .*，/g, ' '),
        ),
        line,
      ).toEqual([])
    }
  })

  test.for<[line: string, about: RegExp]>([
    ['plan --profile full', /^\S+ +[-\d]+ +[-\d]+ +(?:免费：)?.*/gm],
    ['list', /^$/gm],
    ['list --faults', /^[\w/.-]+ {2,}.*/gm],
  ])('of %s', async ([line, about]) => {
    const { out } = await typed(`${line} --lang zh`)
    expect(out).toMatch(/[\u4E00-\u9FFF]/)
    expect(english(out.replaceAll(about, ' '))).toEqual([])
  })

  test.for(catalogue.map(({ id }) => id))('of explain %s', async (id) => {
    const { out } = await typed(`explain ${id} --lang zh`)
    const own = out.replaceAll(/^ {2}".*"$/gm, ' ')
    expect(english(own.split('违反它的故障')[0] ?? '')).toEqual([])
  })
})

describe.for(commands.map(({ name }) => [name] as const))('help in Chinese: %s', ([name]) => {
  test('says everything in Chinese, on lines that fit', async () => {
    const { code, out } = await typed([name, '--help', '--lang', 'zh'])
    expect(code).toBe(0)
    expect(await typed(['help', name, '--lang=zh'])).toMatchObject({ out })
    const heads = [...out.matchAll(/^ {2}(?:-\w, )?--([a-z-]+)/gm)].map(([, option]) => option)
    expect(heads).toEqual([
      ...(commands.find((one) => one.name === name)?.options ?? []).map(typedAs),
      'help',
      'version',
    ])
    expect(out.split('\n').filter((line) => columns(line) > 132)).toEqual([])
    // What is typed stands before what is said of it.
    const lines = out.split('\n').map((line) => line.replace(/^ {2}\S.*?(?: {2,}(?=\S*[^\0-\x7F])|$)/, ' '))
    expect(
      english(lines.join('\n')).filter(
        (word) =>
          ![
            ...[name, 'en', 'HAR', 'CA', 'check', 'mock', 'judge', 'shapes', 'all', 'request', 'notes', 'refused'],
            ...['PATH', 'HOME', 'baseUrl', 'variants'],
          ].includes(word),
      ),
    ).toEqual([])
  })
})

test('what is shown again is in Chinese too', async () => {
  const { out } = await typed('check --fault tools/end-turn --only tools --lang zh')
  const line = /^ {2}重现 +npm run check -- (.*)$/m.exec(out)?.[1] ?? ''
  expect((await typed(`check ${line}`)).out).toContain('局部检验')
})

test('the list of commands in Chinese', async () => {
  const { out } = await typed('--help --lang zh')
  for (const { name } of commands) expect(out).toMatch(new RegExp(`^  ${name} +.*[\\u4E00-\\u9FFF]`, 'm'))
  expect(await typed('help --lang zh')).toMatchObject({ out })
  expect(await typed('--help --lang en')).toEqual(await typed('--help'))
})

test.for([
  'check --lang fr',
  'judge package.json --lang fr',
  'plan --lang fr',
  'diff a b --lang fr',
  'list --lang fr',
  'explain usage/shape --lang fr',
  '--help --lang fr',
  'mock --help --lang fr',
])('a language there is none of is told: %s', async (line) => {
  expect(await typed(line)).toEqual({ code: 2, out: '', err: '--lang takes one of en, zh.\n' })
})

describe('in Chinese is said', () => {
  test('each rule that is our own, and no other', () => {
    const own = catalogue.flatMap(({ source }) =>
      source.kind === 'opinion' ? [source.opinion] : source.kind === 'measured' ? [source.finding] : [],
    )
    expect([...rules.keys()].toSorted()).toEqual([...new Set(own)].toSorted())
  })

  test('each reason why a protocol has no place for something, and no other', () => {
    const own = catalogue.flatMap(({ beyond = {} }) => Object.values(beyond))
    expect([...reasons.keys()].toSorted()).toEqual([...new Set(own)].toSorted())
  })

  const target = referenceTarget('https://gateway.example')
  const asked: Report = {
    ...(example as Report),
    target: { kind: 'gateway', baseUrl: 'https://gateway.example', model: 'm' },
  }

  test.for(diagnosisKinds)('why a run ended: %s', (kind: DiagnosisKind) => {
    const diagnosis: Diagnosis = {
      kind,
      sentence: '',
      url: 'https://gateway.example/v1/messages',
      status: 400,
      models: ['a', 'b'],
    }
    const text = zh.diagnosis(diagnosis, asked, target)
    expect(text).toMatch(/[\u4E00-\u9FFF]/)
    expect(english(text).filter((word) => !['SECONDS', 'ALL', 'NAME'].includes(word))).toEqual([])
  })

  test.for<Drift>([
    { kind: 'shows', id: 'integrity/model-name', actual: 'm-2' },
    { kind: 'appeared', at: '/usage/x_1' },
    { kind: 'vanished', at: '/usage/x_1' },
    { kind: 'retyped', at: '/usage/x_1', before: '/a', now: '/b' },
    { kind: 'order-new', pair: 'message_start > ping' },
    { kind: 'order-gone', pair: 'message_start > ping' },
    { kind: 'models', before: 'm-1', now: '' },
    { kind: 'first-byte', before: 1, now: 900 },
    { kind: 'input-tokens', before: 1, now: 9 },
    { kind: 'more', count: 3 },
  ])('what drifted: $kind', (drift) => {
    const [text = ''] = zh.diff.notes({ ...unchanged, drift: [drift] })
    expect(text).toMatch(/[\u4E00-\u9FFF]/)
    expect(english(text)).toEqual([])
  })

  test.for<Doubt>([
    { kind: 'ended', which: 'old', ending: 'lost' },
    { kind: 'silent', ids: ['usage/shape'] },
  ])('why two runs cannot be compared in full: $kind', (doubt) => {
    const [text = ''] = zh.diff.doubts({ ...unchanged, doubts: [doubt] })
    expect(text).toMatch(/[\u4E00-\u9FFF]/)
    expect(english(text)).toEqual([])
  })

  test.for<Ground>([
    { kind: 'ended', ending: 'lost' },
    { kind: 'broken', id: 'usage/shape' },
    { kind: 'waiver-unknown', id: 'usage/shape' },
    { kind: 'waiver-expired', id: 'usage/shape', until: '2026-01-01' },
    { kind: 'waiver-needless', id: 'usage/shape' },
    { kind: 'nothing-judged' },
    { kind: 'unanswered', id: 'usage/shape', why: 'no-answer' },
    { kind: 'unjudged', id: 'usage/shape', why: 'model', strict: true },
    { kind: 'partly-answered', musts: 2, fixtures: ['a/b', 'c/d'], why: 'rate-limited' },
    { kind: 'not-shown', capability: 'vision' },
  ])('what decided it: $kind', (ground) => {
    const conclusion = { ...asked.conclusion, grounds: [ground], reasons: ['in English'] }
    const [text = ''] = zh.reasons({ ...asked, conclusion }, target)
    expect(text).toMatch(/[\u4E00-\u9FFF]/)
    expect(english(text)).toEqual([])
  })
})

test('the check sees what is left', () => {
  expect(english('网关 breaks off，然后 stop_reason 是 SDK')).toEqual(['breaks', 'off'])
})
