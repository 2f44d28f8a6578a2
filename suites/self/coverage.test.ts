import { describe, expect, test } from 'vitest'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { stumbles } from '../../fixtures/gateways/relays/translator/stumbles.ts'
import { quirks } from '../../fixtures/gateways/upstreams/chat-completions/quirks/quirks.ts'
import { ids } from '../ids.ts'
import contract from './coverage/contract.json' with { type: 'json' }
import mutations from './coverage/mutations.json' with { type: 'json' }
import peers from './coverage/peers.json' with { type: 'json' }
import reports2 from './coverage/reports-2.json' with { type: 'json' }
import reports from './coverage/reports.json' with { type: 'json' }

/*
 * What the suite covers, and what it leaves out and why: every statement of the contract (contract.json), every way an answer was
 * seen to be turned wrong (mutations.json), every public report of a gateway that did (reports.json, reports-2.json), and what the
 * tests of gateways that translate assert of their upstream (peers.json: vLLM, SGLang, llama.cpp, Ollama, LiteLLM, new-api).
 */

type Covered = { readonly what: string; readonly excluded?: string }

const requirements = new Set<string>(ids)
const broken = new Set(faults.map(({ id }) => id))
const proven = new Set(faults.flatMap(({ breaks }) => breaks))

/** A reason is a sentence. */
function unreasoned(rows: readonly Covered[]): readonly string[] {
  return rows
    .filter(({ excluded }) => excluded !== undefined && !/^\S.{20,}\.$/s.test(excluded))
    .map(({ what }) => what)
}

/** The requirements that no statement names: theirs is excluded still, or missing. */
function unnamed(all: readonly string[], statements: readonly { readonly judgedBy?: readonly string[] }[]): string[] {
  const named = new Set(statements.flatMap(({ judgedBy = [] }) => judgedBy))
  return all
    .filter((id) => !named.has(id))
    .map(
      (id) =>
        `${id} stands with no statement in coverage/contract.json: name it in judgedBy of the one it judges, which may still be excluded, or add that one`,
    )
}

describe('each statement of the contract is judged, or left out for a reason', () => {
  test('by requirements that exist', () => {
    const judgedBy = contract.flatMap((row) => ('judgedBy' in row && row.judgedBy ? row.judgedBy : []))
    expect(judgedBy.filter((id) => !requirements.has(id))).toEqual([])
    expect(contract.filter((row) => !('excluded' in row) && !('judgedBy' in row && row.judgedBy?.length))).toEqual([])
  })
  test('each requirement stands with a statement', () => {
    expect(unnamed(ids, contract)).toEqual([])
    expect(unnamed(['usage/shape', 'usage/new'], contract)).toEqual([
      expect.stringMatching(/^usage\/new stands with no/),
    ])
  })
  test('none of the 231 we began with is gone', () => expect(contract.length).toBeGreaterThanOrEqual(231))
  test('reasons are sentences', () => expect(unreasoned(contract)).toEqual([]))
})

describe('each way to turn an answer wrong is a fault, or left out for a reason', () => {
  test('by faults that exist', () => {
    const named = mutations.flatMap((row) => ('faults' in row && row.faults ? row.faults : []))
    expect(named.filter((id) => !broken.has(id))).toEqual([])
    expect(mutations.filter((row) => !('excluded' in row) && !('faults' in row && row.faults?.length))).toEqual([])
  })
  test('reasons are sentences', () => expect(unreasoned(mutations)).toEqual([]))
})

/** Public reports by the time they were collected: those of the beginning, and those that were met by using it. */
const collections = [
  { name: 'of the beginning', reports, count: 236 },
  { name: 'met later', reports: reports2, count: 33 },
]

describe.each(collections)(
  'each public report $name would have been caught, or is left out for a reason',
  ({ reports, count }) => {
    test('by requirements that exist and that some fault breaks', () => {
      const caughtBy = reports.flatMap((row) => ('caughtBy' in row && row.caughtBy ? row.caughtBy : []))
      expect(caughtBy.filter((id) => !requirements.has(id))).toEqual([])
      const shown = reports.filter(
        (row) =>
          'caughtBy' in row &&
          row.caughtBy &&
          !row.caughtBy.some((id) => proven.has(id) || id === 'messages/id-prefix'),
      )
      expect(shown).toEqual([])
      expect(reports.filter((row) => !('excluded' in row) && !('caughtBy' in row && row.caughtBy?.length))).toEqual([])
    })
    test('there are all of them, each with its address', () => {
      expect(reports).toHaveLength(count)
      expect(reports.filter(({ url }) => !URL.canParse(url))).toEqual([])
    })
    test('reasons are sentences', () => expect(unreasoned(reports)).toEqual([]))
  },
)

describe('each thing that the tests of peers assert is judged, or left out for a reason', () => {
  test('by a requirement that some fault breaks, or under a quirk that some translator stumbles over', () => {
    const stumbled = new Set<string>(stumbles.map(({ quirk }) => quirk))
    const isShown = ({ quirk, judgedBy = [], excluded }: (typeof peers)[number]): boolean =>
      excluded !== undefined || (quirk !== undefined ? stumbled.has(quirk) : judgedBy.some((id) => proven.has(id)))
    expect(peers.filter((row) => !isShown(row))).toEqual([])
    expect(peers.flatMap(({ judgedBy = [] }) => judgedBy).filter((id) => !requirements.has(id))).toEqual([])
  })
  test('each quirk is one of them, or was met in a recording alone', () => {
    const named = new Set(peers.map(({ quirk }) => quirk))
    const unnamed = quirks.map(({ id }) => id).filter((id) => !named.has(id))
    expect(unnamed).toEqual(['chat/usage-with-finish', 'chat/caches-by-itself'])
  })
  test('reasons are sentences', () => expect(unreasoned(peers)).toEqual([]))
})
