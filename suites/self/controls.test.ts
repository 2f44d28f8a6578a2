import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { requests } from '../../fixtures/requests.ts'
import type { Fixture } from '../../schemas/types.ts'
import { areas } from '../areas.ts'
import { catalogue, requirementOf } from '../catalogue.ts'
import { exchangesOf, parseName } from '../harness/gather/plan.ts'
import type { Requirement } from '../harness/judge/requirement.ts'

/* A canary's control is the same request with the one thing under test taken away: only then does a miss say something of the gateway. */

const fixtureOf = (name: string): Fixture => requests[parseName(name).fixture as keyof typeof requests]

/** Whether the word of a canary stands in the last turn, so that whoever reads anything reads it. */
function isInSight(fixture: Fixture): boolean {
  const [values] = fixture.values ?? []
  const word = values?.[fixture.canary ?? '']
  const last = (fixture.body?.['messages'] as { content: unknown }[] | undefined)?.at(-1)?.content
  const texts = typeof last === 'string' ? [last] : ((last ?? []) as { text?: string }[]).map(({ text }) => text ?? '')
  const said = texts.map((text) =>
    text.replaceAll(/\{\{(\w+)\}\}/g, (placed, name: string) => values?.[name] ?? placed),
  )
  return word !== undefined && said.some((text) => text.includes(word))
}

/** The requirements that come before one, near and far. */
function before(requirement: Requirement): readonly Requirement[] {
  const near = (requirement.after ?? []).flatMap((id) => requirementOf(id) ?? [])
  return [...near, ...near.flatMap(before)]
}

/** What a word out of sight is said to be read by: a must, since a may that is a control reads only what is in sight. */
const readers = catalogue.filter(
  (requirement) =>
    requirement.level === 'must' &&
    'reads' in requirement &&
    Object.entries(requirement.reads).some(([name, view]) => {
      const fixture = fixtureOf(name)
      // The format itself brings its word about: no model has to know it.
      const isForced = fixture.body?.['output_config'] !== undefined
      return view === 'message' && fixture.canary !== undefined && !isForced && !isInSight(fixture)
    }),
)

test('there are words out of sight', () => {
  expect(readers.map(({ id }) => id)).toContain('clients/session-read')
})

test.for(readers.map((one) => [one.id, one] as const))(
  '%s comes after a control, with its word in sight',
  ([, one]) => {
    const controls = before(one).filter(({ level }) => level === 'may')
    expect(controls.map(({ id }) => id)).not.toEqual([])
    for (const name of controls.flatMap(exchangesOf)) expect(isInSight(fixtureOf(name)), name).toBe(true)
  },
)

test.for(['output/history', 'output/long', 'clients/session', 'tools/result', 'vision/colour'] as const)(
  'the control of %s is the same request, but for its messages',
  (name) => {
    const told = name === 'vision/colour' ? 'vision/as-text' : (`${name}-told` as const)
    const { messages: out, ...body } = fixtureOf(name).body ?? {}
    const { messages, ...other } = fixtureOf(told).body ?? {}
    expect(other).toEqual(body)
    expect({ ...fixtureOf(told).headers }).toEqual({ ...fixtureOf(name).headers })
    expect(fixtureOf(told).follows).toBe(fixtureOf(name).follows)
    expect((messages as unknown[]).length).toBe((out as unknown[]).length)
  },
)

test('what takes away a stop sequence, a block, a role leaves the words as they are', () => {
  const words = (name: string): string => {
    const messages = fixtureOf(name).body?.['messages'] as { content: unknown }[]
    return JSON.stringify(messages.map(({ content }) => content))
  }
  expect(words('output/stop-sequence-free')).toBe(words('output/stop-sequence'))
  expect(words('output/role-system')).toBe(words('output/same-role'))
  for (const said of [
    'This document is short. The codeword is {{word}}. It ends here.',
    'What is the codeword in the document?',
  ])
    for (const name of ['documents/text', 'output/text-blocks']) expect(words(name)).toContain(said)
})

test('the control of source code is the same session in prose, with nothing for a firewall to find', () => {
  const wordless = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value, (key, one: unknown) => (isWords(key, one) ? '' : one)))
  const [code, prose] = [fixtureOf('clients/source-code'), fixtureOf('clients/prose')]
  // Other words are another number of tokens.
  expect(wordless({ ...code, about: '', inputTokens: 0 })).toEqual(wordless({ ...prose, about: '', inputTokens: 0 }))
  const suspicious = [
    /<\w+>/,
    /<script/,
    /'1'='1/,
    /UNION SELECT/,
    /DROP TABLE/,
    /\.\.\//,
    /\/etc\/passwd/,
    /\| bash/,
    /<\?php/,
  ]
  for (const words of suspicious) {
    expect(saidIn(code)).toMatch(words)
    expect(saidIn(prose)).not.toMatch(words)
  }
  expect(saidIn(prose)).toMatch(/^[\w\s.,\n]+$/)
})

const isWords = (key: string, value: unknown): boolean =>
  typeof value === 'string' && ['text', 'content', 'path'].includes(key) && !value.startsWith('/v1/')

/** All that people and tools say in a fixture. */
function saidIn({ body }: Fixture): string {
  const said: string[] = []
  JSON.stringify([body?.['system'], body?.['messages']], (key, value: unknown) => {
    if (isWords(key, value)) said.push(value as string)
    return value
  })
  return said.join('\n')
}

test('no check returns early: what it cannot judge it says by where, unless or unlessIn', () => {
  const early = areas.flatMap((area) =>
    readdirSync(new URL(`../${area}`, import.meta.url))
      .filter((file) => !file.endsWith('.test.ts'))
      .flatMap((file) => {
        const lines = readFileSync(new URL(`../${area}/${file}`, import.meta.url), 'utf8').split('\n')
        return lines.flatMap((line, at) =>
          /\breturn(?:;|\s*\}|\s*\/\/|\s*$)/.test(line) ? [`${area}/${file}:${at + 1}`] : [],
        )
      }),
  )
  expect(early).toEqual([])
})
