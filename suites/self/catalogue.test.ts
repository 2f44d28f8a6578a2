import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { dialects } from '../../schemas/values.ts'
import { fixtureFacts } from '../../fixtures/facts.ts'
import type { FixtureFacts } from '../../fixtures/fixture.ts'
import { requests } from '../../fixtures/requests.ts'
import { capabilities } from '../../schemas/values.ts'
import { validateRequest } from '../../schemas/validators.js'
import { faultFacts } from '../../fixtures/gateways/faults/facts.ts'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { quirkFacts } from '../../fixtures/gateways/upstreams/facts.ts'
import { quirksOf } from '../../fixtures/gateways/upstreams/quirks.ts'
import { catalogue, declared } from '../catalogue.ts'
import { facts } from '../facts.ts'
import { groundsFor } from '../grounds.ts'
import { clients } from '../harness/judge/clients.ts'
import { compose } from '../harness/gather/compose.ts'
import { exchangesOf, parseName } from '../harness/gather/plan.ts'
import { planFor } from '../run/selection.ts'
import { referenceTarget } from '../run/reference-target.ts'
import { ids } from '../ids.ts'
import { misread } from './readers.ts'
import { bothSides, everythingLong } from './proof.ts'

const everything = { ...everythingLong, ...bothSides, allowLong: true }

test('every id of the lock is declared once, and nothing else is', () => {
  expect([...ids].sort()).toEqual([...new Set(ids)].sort())
  const undeclared = ids.filter((id) => !declared.has(id))
  expect(undeclared.map((id) => `${id} is declared by no chapter that catalogue.ts lists`)).toEqual([])
  const unlocked = [...declared.keys()].filter((id) => !(ids as readonly string[]).includes(id))
  expect(unlocked.map((id) => `${id} does not stand in ids.ts`)).toEqual([])
})

test('the facts are what chapters, fixtures, faults and quirks say today; after a change: npm run generate', () => {
  // A function is no JSON: what judges is left out.
  const data = (value: unknown): unknown => JSON.parse(JSON.stringify(value))
  expect(ids.map((id) => [id, { ...facts.get(id), ...groundsFor(id) }])).toEqual(
    data(ids.map((id) => [id, declared.get(id)])),
  )
  expect(Object.keys(fixtureFacts)).toEqual(Object.keys(requests))
  for (const [name, fixture] of Object.entries(fixtureFacts)) expect(requests).toMatchObject({ [name]: fixture })
  expect(faultFacts).toEqual(
    data(faults.map(({ id, about, breaks, seen, dialogue }) => ({ id, about, breaks, seen, dialogue }))),
  )
  expect(quirkFacts).toEqual(
    data({ messages: [], 'chat-completions': quirksOf['chat-completions'].map(({ seen, ...quirk }) => quirk) }),
  )
})

test('a plan made of the facts of fixtures is that of the fixtures themselves', () => {
  const planned = (fixtures: Readonly<Record<string, FixtureFacts>>) =>
    dialects.flatMap((dialect) =>
      [{}, { keyless: true }, { allowLong: false, compareChat: false, upstream: null }].map((less) => {
        const { steps, cost } = planFor({ ...everything, dialect, ...less }, fixtures)
        return [cost, steps.map(({ fixture, ...step }) => [fixture.about, step])]
      }),
    )
  expect(planned(fixtureFacts)).toEqual(planned(requests))
})

test('an id is area/what-holds', () => {
  expect(ids.filter((id) => !/^[a-z]+\/[a-z0-9-]+$/.test(id))).toEqual([])
})

test('nothing is left to be filled in', () => {
  const open = ['fixtures', 'suites'].flatMap((folder) => {
    const files = readdirSync(`${root}${folder}`, { recursive: true, encoding: 'utf8' })
    return files.map((file) => `${folder}/${file}`).filter((file) => /(?<!\.test)\.(ts|json)$/.test(file))
  })
  expect(open.flatMap((file) => toFillIn(file, readFileSync(`${root}${file}`, 'utf8')))).toEqual([])
  expect(toFillIn('a.ts', "one\n  title: 'TODO: say it',")).toEqual(["a.ts:2: title: 'TODO: say it',"])
})

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What `npm run new` left to be filled in, place by place. */
function toFillIn(file: string, text: string): readonly string[] {
  return text.split('\n').flatMap((line, at) => (line.includes('TODO') ? [`${file}:${at + 1}: ${line.trim()}`] : []))
}

test('clients, prerequisites and fixtures that are named exist', () => {
  const known = new Set<string>(ids)
  for (const requirement of catalogue) {
    expect(requirement.breaks.filter((client) => !(client in clients))).toEqual([])
    expect((requirement.after ?? []).filter((id) => !known.has(id))).toEqual([])
    for (const name of exchangesOf(requirement)) {
      const { fixture, mode } = parseName(name)
      expect(requests[fixture as keyof typeof requests]?.modes ?? ['json'], name).toContain(mode)
    }
  }
})

test('what is judged on every exchange comes after nothing that reads fixtures', () => {
  const every = new Set(
    catalogue.filter((requirement) => 'every' in requirement || 'vouches' in requirement).map(({ id }) => id),
  )
  const mixed = catalogue.filter(
    (requirement) => 'every' in requirement && requirement.after?.some((id) => !every.has(id)),
  )
  expect(mixed.map(({ id }) => id)).toEqual([])
})

test('each capability has exactly one gate, which fails where the capability is required', () => {
  const gates = catalogue.filter((requirement) => 'gates' in requirement)
  expect(gates.map((gate) => gate.gates).toSorted()).toEqual([...capabilities].toSorted())
  expect(gates.filter(({ level }) => level !== 'must').map(({ id }) => id)).toEqual([])
})

test('each positive exchange is read as answer by exactly one requirement', () => {
  const positive = planFor(everything, requests).steps.filter(
    ({ fixture }) => (fixture.phase ?? 'positive') === 'positive',
  )
  expect(
    misread(
      positive.map(({ name }) => name),
      catalogue,
    ),
  ).toEqual([])
})

test('an exchange that nobody reads as answer, and one that two do, are named with the remedy', () => {
  expect(misread(['output/options', 'output/new'], catalogue)).toEqual([
    'output/new is read as answer by no requirement: add it to the reads of output/served or output/role-system-places-served or output/long-served or output/sampling-served, or begin one with npm run new -- output/WHAT-served --reads output/new.',
  ])
  expect(misread(['output/options'], [...catalogue, ...catalogue])).toEqual([
    'output/options is read as answer by output/served and output/served: let all but one read it as message.',
  ])
})

test('every fixture is read by some requirement', () => {
  const steps = dialects.flatMap((dialect) => planFor({ ...everything, dialect }, requests).steps)
  const planned = new Set(steps.map(({ name }) => parseName(name).fixture))
  const unread = Object.keys(requests).filter((name) => !planned.has(name))
  expect(unread.map((name) => `${name} is read by no requirement: begin one, or remove it`)).toEqual([])
})

test('no answer is asked for in fewer tokens than every upstream takes: the Responses API wants 16', () => {
  const few = Object.entries(requests).filter(
    ([, { phase, body }]) => phase !== 'refused' && Number(body?.['max_tokens'] ?? 16) < 16,
  )
  expect(few.map(([name]) => name)).toEqual([])
})

test('what we send ourselves is valid, where it is meant to be', () => {
  const target = referenceTarget('http://reference.invalid')
  for (const { name, fixture, mode } of planFor(everything, requests).steps) {
    if ((fixture.phase ?? 'positive') !== 'positive' || fixture.follows !== undefined) continue
    if ((fixture.path ?? '/v1/messages').split('?')[0] !== '/v1/messages') continue
    const body: unknown = JSON.parse(compose(fixture, mode, 1, target)?.body ?? 'null')
    expect({ name, valid: validateRequest(body), errors: validateRequest.errors }).toEqual({
      name,
      valid: true,
      errors: null,
    })
  }
})
