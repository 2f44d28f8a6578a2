import { readFileSync } from 'node:fs'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { createReference } from '../../fixtures/gateways/reference/reference.ts'
import { variants as declining } from '../../fixtures/gateways/variants/capabilities.ts'
import { variants as talkative } from '../../fixtures/gateways/variants/every-word.ts'
import { variants as generations } from '../../fixtures/gateways/variants/generations.ts'
import { requests } from '../../fixtures/requests.ts'
import * as examples from '../../schemas/examples.ts'
import openapi from '../../schemas/openapi.json' with { type: 'json' }
import streamSchema from '../../schemas/stream.schema.json' with { type: 'json' }
import type { ContentBlock } from '../../schemas/types.ts'
import { deltasByBlock, foreignStopReasons } from '../../schemas/values.ts'
import { validateMessage } from '../../schemas/validators.js'
import { catalogue } from '../catalogue.ts'
import { statusesOf } from '../errors/errors.ts'
import { fixtureOf, needsOf } from '../harness/gather/plan.ts'
import { see } from '../harness/views/views.ts'
import { mayLeaveCalls } from '../tools/call.ts'
import type { Need } from './complete.ts'
import { everything, judgeTape, tapeOf } from './proof.ts'
import { changes, deltasWritten, hasItsPlace, ownersOf, readBack } from './streamed.ts'

/* What a word of each kind needs, found by adding a made-up one and seeing what went on as if nothing had happened. */

const { message, growingBlocks, blockParams } = examples
const deltas = [...examples.deltas, ...examples.betaDeltas]

function ofType<T extends { readonly type: string }>(list: readonly T[], type: string): T | undefined {
  return list.find((one) => one.type === type)
}

const gates = catalogue.flatMap((requirement) => ('gates' in requirement ? [requirement] : []))
const gateOf = (capability: string) => gates.find((gate) => gate.gates === capability)
const readmes = ['README.md', 'README.zh-CN.md'].map((name) =>
  readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8'),
)

/** What only gateways show: the words that those of the proof say, and what they do without. */
export interface Shown {
  readonly blocks: ReadonlySet<string>
  readonly stopReasons: ReadonlySet<string>
  readonly events: ReadonlySet<string>
  /** The capabilities that some legal variant declines. */
  readonly declined: ReadonlySet<string>
}

export async function shownInTheProof(): Promise<Shown> {
  const [blocks, stopReasons, events, declined] = [
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
    new Set<string>(),
  ]
  for (const gateway of [createReference(), ...talkative.map(({ over }) => over(createReference()))])
    for (const exchange of await tapeOf(gateway)) {
      const stream = see(exchange, 'stream')
      if (stream.is === 'there') for (const { type } of stream.value.events) events.add(type)
      const seen = see(exchange, 'message')
      if (seen.is !== 'there' || seen.found.length > 0) continue
      stopReasons.add(seen.value.stop_reason)
      for (const { type } of seen.value.content) blocks.add(type)
    }
  const selection = { ...everything, fixtures: gates.map(({ probe }) => probe[0]) }
  for (const { over } of [...declining, ...generations]) {
    const { capabilities } = judgeTape(await tapeOf(over(createReference()), { selection }), selection)
    for (const [capability, state] of Object.entries(capabilities)) if (state === 'declined') declined.add(capability)
  }
  return { blocks, stopReasons, events, declined }
}

const notAsked = 'no request asks for it: a gateway without it makes one call after the other'
const openingIsJudged = 'its probe opens every run, and is judged where it is declined too'
const requiredByFull = 'the proof judges by the profile full, which requires it'

export const capabilityNeeds = ({ declined }: Shown): readonly Need[] => [
  {
    what: 'one gate: npm run new -- AREA/WHAT-offered --gates CAPABILITY begins it, and most of what follows',
    isMet: (capability) => gates.filter((gate) => gate.gates === capability).length === 1,
  },
  {
    what: 'a probe in fixtures/requests whose `needs` name it',
    isMet: (capability) => {
      const [probe] = gateOf(capability)?.probe ?? []
      return probe !== undefined && needsOf(probe, fixtureOf(probe, requests)).some((need) => need === capability)
    },
    spared: { 'default-version': openingIsJudged },
  },
  {
    what: 'a fault in fixtures/gateways/faults that breaks its gate',
    isMet: (capability) => faults.some(({ breaks }) => breaks.includes(gateOf(capability)?.id ?? '')),
  },
  {
    what: 'a legal variant in fixtures/gateways/variants/capabilities.ts that declines it',
    isMet: (capability) => declined.has(capability),
    spared: {
      bearer: requiredByFull,
      streaming: requiredByFull,
      tools: requiredByFull,
      'parallel-tools': notAsked,
    },
  },
  {
    what: 'its name in README.md and README.zh-CN.md, where the capabilities are listed',
    isMet: (capability) => readmes.every((text) => text.includes(`\`${capability}\``)),
  },
]

export const blockNeeds = (shown: Shown): readonly Need[] => [
  {
    what: 'a branch in schemas/content-block.schema.json that demands its fields',
    isMet: (type) => !validateMessage({ ...message, content: [{ type }] }),
  },
  {
    what: 'a branch for its beginning in ContentBlockStart of schemas/stream.schema.json',
    isMet: (type) => ownersOf('content_block_start', { index: 0, content_block: { type } }).length > 0,
  },
  {
    what: 'the deltas it grows by, or none, in DeltasByBlock of schemas/stream.schema.json',
    isMet: (type) => deltasByBlock.has(type),
  },
  {
    what: 'an example among `blocks` in schemas/examples.ts',
    isMet: (type) => ofType(examples.blocks, type) !== undefined,
  },
  {
    what: 'an example among `blockParams` in schemas/examples.ts, and a branch in content-block-param.schema.json, since turns are sent back',
    isMet: (type) => ofType(blockParams, type) !== undefined,
  },
  {
    what: 'fixtures/gateways/reference/stream.ts to write it by just the deltas of DeltasByBlock (one that grows is an example among `growingBlocks`)',
    isMet: (type) => {
      const example = wholeExample(type)
      return (
        example !== undefined && String(deltasWritten(example).sort()) === String(deltasByBlock.get(type)?.toSorted())
      )
    },
  },
  {
    what: 'suites/harness/views/accumulate.ts to put it together again as it was written',
    isMet: (type) => {
      const example = wholeExample(type)
      return example !== undefined && JSON.stringify(readBack(example)) === JSON.stringify(example)
    },
  },
  {
    what: 'a gateway of the proof that says it: fixtures/gateways/variants/every-word.ts says every example',
    isMet: (type) => shown.blocks.has(type),
  },
]

/** A block that holds all it may grow by; any, where it does not grow. */
function wholeExample(type: string): ContentBlock | undefined {
  return ofType(deltasByBlock.get(type)?.length ? growingBlocks : examples.blocks, type)
}

const underABetaHeader = 'it comes under an anthropic-beta header only'

export const deltaNeeds: readonly Need[] = [
  {
    what: 'a branch in ContentBlockDelta of schemas/stream.schema.json',
    isMet: (type) => ownersOf('content_block_delta', { index: 0, delta: { type } }).length > 0,
    spared: { compaction_delta: underABetaHeader },
  },
  {
    what: 'an example among `deltas` in schemas/examples.ts',
    isMet: (type) => ofType(deltas, type) !== undefined,
  },
  {
    what: 'a block that grows by it, in DeltasByBlock of schemas/stream.schema.json',
    isMet: (type) => blocksGrowingBy(type).length > 0,
  },
  {
    what: 'fixtures/gateways/reference/stream.ts to write it, of an example among `growingBlocks` in schemas/examples.ts',
    isMet: (type) => growingBlocks.some((block) => deltasWritten(block).includes(type)),
    spared: { compaction_delta: underABetaHeader },
  },
  {
    what: 'suites/harness/views/accumulate.ts to put it into its block',
    isMet: (type) => {
      const example = ofType(deltas, type)
      const grown = blocksGrowingBy(type)
      return example !== undefined && grown.length > 0 && grown.every((block) => changes(block, example))
    },
  },
]

function blocksGrowingBy(delta: string): readonly string[] {
  return [...deltasByBlock].flatMap(([block, grows]) => (grows.includes(delta) ? [block] : []))
}

export const stopReasonNeeds = (shown: Shown): readonly Need[] => [
  {
    what: 'to be no ForeignStopReason in schemas/message.schema.json',
    isMet: (reason) => !(foreignStopReasons as readonly string[]).includes(reason),
  },
  {
    what: 'suites/tools/call.ts to say whether a call may stand beside it',
    isMet: (reason) => mayLeaveCalls.has(reason),
  },
  {
    what: 'a gateway of the proof that says it: fixtures/gateways/variants/every-word.ts says every one in StopReason',
    isMet: (reason) => shown.stopReasons.has(reason),
  },
]

export const eventNeeds = (shown: Shown): readonly Need[] => [
  {
    what: 'a branch in schemas/stream.schema.json',
    isMet: (type) => streamSchema.allOf.some((choice) => choice.if.properties.type.const === type),
  },
  {
    what: 'an example among `events` in schemas/examples.ts',
    isMet: (type) => ofType(examples.events, type) !== undefined,
  },
  {
    what: 'its place in suites/harness/views/walk.ts',
    isMet: (type) => hasItsPlace(type, ofType(examples.events, type) ?? {}),
    spared: { ping: 'it may stand anywhere' },
  },
  {
    what: 'a requirement in suites/harness/views/stream.ts whose finding it is where a field of it is missing',
    isMet: (type) => ofType(examples.events, type) !== undefined && !ownersOf(type).includes('streaming/data-json'),
  },
  {
    what: 'fixtures/gateways/reference/stream.ts or failures.ts to say it',
    isMet: (type) => shown.events.has(type),
  },
  {
    what: 'its place in the order that scripts/generate/openapi.ts describes',
    isMet: (type) => JSON.stringify(openapi.paths['/v1/messages']).includes(type),
  },
]

export const citationNeeds: readonly Need[] = [
  {
    what: 'a branch in TextCitation of schemas/content-block.schema.json',
    isMet: (type) => !validateMessage({ ...message, content: [{ type: 'text', text: '', citations: [{ type }] }] }),
  },
  {
    what: 'an example among `citations` in schemas/examples.ts',
    isMet: (type) => ofType(examples.citations, type) !== undefined,
  },
]

const notOurs = 'it is about accounts, conflicts and memories, which no request of ours meets'

export const errorNeeds: readonly Need[] = [
  {
    what: 'the statuses that go with it, in suites/errors/errors.ts',
    isMet: (type) => statusesOf.has(type),
    spared: {
      billing_error: notOurs,
      conflict_error: notOurs,
      memory_precondition_failed_error: notOurs,
      memory_path_conflict_error: notOurs,
    },
  },
]
