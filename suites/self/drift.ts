/**
 * A type test, checked by `tsc` and never run: where the official SDK has come to know a block, an event, a field or a
 * value that our schemas do not, the error names it. Each difference we know of is named here, and one that is gone is
 * an error too.
 */
import type * as sdk from '@anthropic-ai/sdk/resources/messages'
import type * as sdkBatches from '@anthropic-ai/sdk/resources/messages/batches'
import type * as sdkModels from '@anthropic-ai/sdk/resources/models'
import type * as sdkShared from '@anthropic-ai/sdk/resources/shared'
import type * as ours from '../../schemas/types.ts'

/** Everything that drifted, each with why it may. An empty union takes an empty object only. */
type Named<Drifted extends PropertyKey> = [Drifted] extends [never] ? Record<string, never> : Record<Drifted, string>

/** The values that theirs has and ours has not. */
type Values<Theirs extends string, Ours> = Exclude<Theirs, Ours>

/** The fields that theirs has and ours has not, or whose values ours would not take. */
type Fields<Theirs, Ours> =
  | Exclude<Text<keyof Theirs>, keyof Ours>
  | {
      [K in Text<keyof Theirs> & keyof Ours]: Plain<Theirs[K]> extends Ours[K] ? never : K
    }[Text<keyof Theirs> & keyof Ours]

/** The same for unions told apart by `type`: `thinking` where the variant is missing, `thinking.signature` where a field drifted. */
type Variants<Theirs extends { type: string }, Ours> = {
  [T in Theirs['type']]: [Variant<Ours, T>] extends [never] ? T : `${T}.${Fields<Variant<Theirs, T>, Variant<Ours, T>>}`
}[Theirs['type']]

type Variant<Union, T> = Union extends { type: infer Own } ? (T extends Own ? Union : never) : never
type Text<T> = Extract<T, string>

/** Interfaces as plain objects, for only these fit `Record<string, unknown>`; and what is left open there is an object here. */
type Plain<T> = unknown extends T
  ? Record<string, unknown>
  : T extends string
    ? T
    : T extends object
      ? { [K in keyof T]: Plain<T[K]> }
      : T

// Answers.

export const message: Named<Fields<sdk.Message, ours.Message>> = {}
export const usage: Named<Fields<sdk.Usage, ours.Usage>> = {}
export const stopReasons: Named<Values<sdk.StopReason, ours.StopReason>> = {}
export const serviceTiers: Named<Values<NonNullable<sdk.Usage['service_tier']>, ours.ServiceTier>> = {}
export const blocks: Named<Variants<sdk.ContentBlock, ours.ContentBlock>> = {}
export const blockTypes: Named<Values<sdk.ContentBlock['type'], ours.ContentBlockType>> = {}
export const serverTools: Named<Values<sdk.ServerToolUseBlock['name'], ours.ServerToolName>> = {}
export const citations: Named<Variants<sdk.TextCitation, ours.TextCitation>> = {}
export const errorTypes: Named<Values<sdkShared.ErrorType, ours.ErrorType>> = {}
export const model: Named<Fields<sdkModels.ModelInfo, ours.Model>> = {}
export const batch: Named<Fields<sdkBatches.MessageBatch, ours.MessageBatch>> = {}
export const batchResults: Named<Variants<sdkBatches.MessageBatchResult, ours.BatchResult>> = {}

// Streams.

export const events: Named<Variants<sdk.RawMessageStreamEvent, ours.StreamEvent>> = {}
export const eventTypes: Named<Values<sdk.RawMessageStreamEvent['type'], ours.StreamEventType>> = {}
export const deltas: Named<Variants<sdk.RawContentBlockDelta, ours.ContentBlockDelta>> = {}
export const deltaTypes: Named<Values<sdk.RawContentBlockDelta['type'], ours.DeltaType>> = {}
export const messageDelta: Named<Fields<sdk.RawMessageDeltaEvent['delta'], ours.MessageDelta>> = {}
export const messageDeltaUsage: Named<Fields<sdk.MessageDeltaUsage, ours.MessageDeltaUsage>> = {}

// Requests.

const headers = {
  user_profile_id: 'sent as a header',
  workspace_id: 'sent as a header',
}

export const request: Named<Fields<sdk.MessageCreateParamsBase, ours.MessageRequest>> = headers
export const countTokensRequest: Named<Fields<sdk.MessageCountTokensParams, ours.CountTokensRequest>> = headers
export const blockParams: Named<Variants<sdk.ContentBlockParam, ours.ContentBlockParam>> = {}
export const tool: Named<Fields<sdk.Tool, ours.Tool>> = {}
export const typedTools: Named<Variants<Exclude<sdk.ToolUnion, sdk.Tool>, ours.TypedTool>> = {}
export const thinking: Named<Variants<sdk.ThinkingConfigParam, ours.Thinking>> = {}
export const toolChoices: Named<Variants<sdk.ToolChoice, ours.ToolChoice>> = {}
export const outputConfig: Named<Fields<sdk.OutputConfig, ours.OutputConfig>> = {}
export const pictures: Named<Values<sdk.Base64ImageSource['media_type'], ours.ImageMediaType>> = {}

// Ourselves: each list of types holds those of its union, and no more.

type Apart<A extends string, B extends string> = Exclude<A, B> | Exclude<B, A>
export const listedBlocks: Named<Apart<ours.ContentBlock['type'], ours.ContentBlockType>> = {}
export const listedEvents: Named<Apart<ours.StreamEvent['type'], ours.StreamEventType>> = {}
export const listedDeltas: Named<Apart<ours.ContentBlockDelta['type'], ours.DeltaType>> = {}
export const listedCitations: Named<Apart<ours.TextCitation['type'], ours.CitationType>> = {}
