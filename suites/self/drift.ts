/**
 * A type test, checked by `tsc` and never run: where an official SDK has come to know a block, an event, a field or a
 * value that our schemas do not, the error names it. Each difference we know of is named here, and one that is gone is
 * an error too.
 */
import type * as beta from '@anthropic-ai/sdk/resources/beta/messages/messages'
import type * as sdk from '@anthropic-ai/sdk/resources/messages'
import type * as sdkBatches from '@anthropic-ai/sdk/resources/messages/batches'
import type * as sdkModels from '@anthropic-ai/sdk/resources/models'
import type * as sdkShared from '@anthropic-ai/sdk/resources/shared'
import type * as oldBeta from 'anthropic-sdk-0/resources/beta/messages/messages'
import type * as old from 'anthropic-sdk-0/resources/messages'
import type * as chat from 'openai/resources/chat/completions'
import type * as chatUsage from 'openai/resources/completions'
import type * as chatShared from 'openai/resources/shared'
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

/** The fields that theirs has and ours has not, whatever is in them; an open one of ours has them all. */
type Names<Theirs, Ours> = Exclude<Text<keyof Theirs>, keyof Ours>

/** The same for unions told apart by `type`, which some leave out, or by `role`. */
type NamesByType<Theirs extends { type?: string | null }, Ours> = Theirs extends { type?: infer T }
  ? [Variant<Ours, NonNullable<T>>] extends [never]
    ? Text<T>
    : `${Text<T>}.${Names<Theirs, Variant<Ours, NonNullable<T>>>}`
  : never
type NamesByRole<Theirs extends { role: string }, Ours> = Theirs extends { role: infer R }
  ? `${Text<R>}.${Names<Theirs, Extract<Ours, { role: R }>>}`
  : never

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

// Beta resources, and the line of the SDK before 1.0: by name. What is nested in them is looked at above, or not at all.

const betaHeaders = { ...headers, betas: 'sent as a header' }
const open = 'an answer may say more under a beta'

export const betaMessage: Named<Names<beta.BetaMessage, ours.Message>> = {
  context_management: open,
  input_transformations: open,
}
export const betaUsage: Named<Names<beta.BetaUsage, ours.Usage>> = { fallback_credit: open, iterations: open }
export const betaStopReasons: Named<Values<beta.BetaStopReason, ours.StopReason | ours.BetaStopReason>> = {}
export const betaBlocks: Named<
  Values<beta.BetaContentBlock['type'], ours.ContentBlockType | ours.BetaContentBlockType>
> = {}
export const betaServerTools: Named<Values<beta.BetaServerToolUseBlock['name'], ours.ServerToolName>> = {}
export const betaEvents: Named<Values<beta.BetaRawMessageStreamEvent['type'], ours.StreamEventType>> = {}
export const betaDeltas: Named<Values<beta.BetaRawContentBlockDelta['type'], ours.DeltaType>> = {
  compaction_delta: open,
}
export const betaRequest: Named<Names<beta.MessageCreateParamsBase, ours.MessageRequest>> = betaHeaders
export const betaCountTokensRequest: Named<Names<beta.MessageCountTokensParams, ours.CountTokensRequest>> = betaHeaders
export const betaTurns: Named<NamesByRole<beta.BetaMessageParam, ours.MessageParam>> = {}
export const betaBlockParams: Named<NamesByType<beta.BetaContentBlockParam, ours.ContentBlockParam>> = {}
export const betaTool: Named<Names<beta.BetaTool, ours.Tool>> = {}
export const betaTypedTools: Named<NamesByType<Exclude<beta.BetaToolUnion, beta.BetaTool>, ours.TypedTool>> = {}
export const betaThinking: Named<NamesByType<beta.BetaThinkingConfigParam, ours.Thinking>> = {}
export const betaThread: Named<Names<beta.BetaMessageThreadParam, NonNullable<ours.Thread>>> = {}
export const betaCacheControl: Named<Names<beta.BetaCacheControlEphemeral, NonNullable<ours.CacheControl>>> = {}
export const betaOutputConfig: Named<Names<beta.BetaOutputConfig, ours.OutputConfig>> = {}

export const oldRequest: Named<Names<old.MessageCreateParamsBase, ours.MessageRequest>> = headers
export const oldBlocks: Named<Variants<old.ContentBlock, ours.ContentBlock>> = {}
export const oldBlockParams: Named<Variants<old.ContentBlockParam, ours.ContentBlockParam>> = {}
export const oldTypedTools: Named<Variants<Exclude<old.ToolUnion, old.Tool>, ours.TypedTool>> = {}
export const oldStopReasons: Named<Values<old.StopReason, ours.StopReason>> = {}
export const oldBetaRequest: Named<Names<oldBeta.MessageCreateParamsBase, ours.MessageRequest>> = betaHeaders
export const oldBetaBlocks: Named<
  Values<oldBeta.BetaContentBlock['type'], ours.ContentBlockType | ours.BetaContentBlockType>
> = {}
export const oldBetaBlockParams: Named<NamesByType<oldBeta.BetaContentBlockParam, ours.ContentBlockParam>> = {}
export const oldBetaTypedTools: Named<NamesByType<Exclude<oldBeta.BetaToolUnion, oldBeta.BetaTool>, ours.TypedTool>> =
  {}
// Chat Completions, as it is spoken behind a translator: requests, then answers.

export const chatRequest: Named<Fields<chat.ChatCompletionCreateParams, ours.ChatRequest>> = {}
export const chatSystem: Named<Fields<chat.ChatCompletionSystemMessageParam, ours.ChatSystemMessage>> = {}
export const chatDeveloper: Named<Fields<chat.ChatCompletionDeveloperMessageParam, ours.ChatDeveloperMessage>> = {}
export const chatUser: Named<Fields<chat.ChatCompletionUserMessageParam, ours.ChatUserMessage>> = {}
export const chatAssistant: Named<Fields<chat.ChatCompletionAssistantMessageParam, ours.ChatAssistantMessage>> = {}
export const chatToolResult: Named<Fields<chat.ChatCompletionToolMessageParam, ours.ChatToolMessage>> = {}
export const chatFunctionResult: Named<Fields<chat.ChatCompletionFunctionMessageParam, ours.ChatFunctionMessage>> = {}
export const chatRoles: Named<Values<chat.ChatCompletionMessageParam['role'], ours.ChatMessageParam['role']>> = {}
export const chatParts: Named<Variants<chat.ChatCompletionContentPart, ours.ChatPart>> = {}
export const chatTools: Named<Variants<chat.ChatCompletionTool, ours.ChatTool>> = {}
export const chatChoices: Named<
  Variants<Exclude<chat.ChatCompletionToolChoiceOption, string>, ours.ChatToolChoiceObject>
> = {}
export const chatChoiceWords: Named<
  Values<Extract<chat.ChatCompletionToolChoiceOption, string>, ours.ChatToolChoiceWord>
> = {}
export const chatFormats: Named<
  Variants<NonNullable<chat.ChatCompletionCreateParams['response_format']>, ours.ChatResponseFormat>
> = {}
export const chatCompletion: Named<Fields<chat.ChatCompletion, ours.ChatCompletion>> = {}
export const chatMessage: Named<Fields<chat.ChatCompletionMessage, ours.ChatMessage>> = {}
export const chatCalls: Named<Variants<chat.ChatCompletionMessageToolCall, ours.ChatToolCall>> = {}
export const chatFinishReasons: Named<Values<chat.ChatCompletion.Choice['finish_reason'], ours.ChatFinishReason>> = {}
export const chatTokens: Named<Fields<chatUsage.CompletionUsage, ours.ChatUsage>> = {}
export const chatChunk: Named<Fields<chat.ChatCompletionChunk, ours.ChatChunk>> = {}
export const chatDelta: Named<Fields<chat.ChatCompletionChunk.Choice.Delta, ours.ChatDelta>> = {}
export const chatCallDelta: Named<Fields<chat.ChatCompletionChunk.Choice.Delta.ToolCall, ours.ChatCallDelta>> = {}
export const chatError: Named<Fields<chatShared.ErrorObject, ours.ChatErrorObject>> = {}

// Ourselves: each list of types holds those of its union, and no more.

type Apart<A extends string, B extends string> = Exclude<A, B> | Exclude<B, A>
export const listedBlocks: Named<Apart<ours.ContentBlock['type'], ours.ContentBlockType>> = {}
export const listedEvents: Named<Apart<ours.StreamEvent['type'], ours.StreamEventType>> = {}
export const listedDeltas: Named<Apart<ours.ContentBlockDelta['type'], ours.DeltaType>> = {}
export const listedCitations: Named<Apart<ours.TextCitation['type'], ours.CitationType>> = {}
