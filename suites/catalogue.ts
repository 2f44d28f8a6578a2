import { ids, type RequirementId } from './ids.ts'
import { withClaims, type Suffered } from './clients/claims.ts'
import type { Requirement } from './harness/judge/requirement.ts'
import * as authCredentials from './auth/credentials.ts'
import * as authVersions from './auth/versions.ts'
import * as cachingCaching from './caching/caching.ts'
import * as chatCompared from './chat/compared.ts'
import * as clientsAccepts from './clients/accepts.ts'
import * as clientsClaudeCode from './clients/claude-code.ts'
import * as clientsHeaders from './clients/headers.ts'
import * as clientsMigration from './clients/migration.ts'
import * as documentsDocuments from './documents/documents.ts'
import * as errorsEnvelope from './errors/envelope.ts'
import * as errorsErrors from './errors/errors.ts'
import * as integrityHints from './integrity/hints.ts'
import * as messagesAnswer from './messages/answer.ts'
import * as messagesTogether from './messages/together.ts'
import * as modelsModels from './models/models.ts'
import * as outputPrompt from './output/prompt.ts'
import * as outputShape from './output/shape.ts'
import * as passageAnswer from './passage/answer.ts'
import * as passageArrival from './passage/arrival.ts'
import * as passageConversation from './passage/conversation.ts'
import * as passageFields from './passage/fields.ts'
import * as passagePrompt from './passage/prompt.ts'
import * as passageTranslatedAnswer from './passage/translated-answer.ts'
import * as passageTranslatedConversation from './passage/translated-conversation.ts'
import * as passageTranslatedOptions from './passage/translated-options.ts'
import * as streamingEvents from './streaming/events.ts'
import * as streamingTiming from './streaming/timing.ts'
import * as streamingWhole from './streaming/whole.ts'
import * as thinkingBlocks from './thinking/blocks.ts'
import * as tokensTokens from './tokens/tokens.ts'
import * as toolsArguments from './tools/arguments.ts'
import * as toolsCall from './tools/call.ts'
import * as toolsServer from './tools/server.ts'
import * as toolsStrict from './tools/strict.ts'
import * as toolsThreads from './tools/threads.ts'
import * as toolsTurns from './tools/turns.ts'
import * as transportTransport from './transport/transport.ts'
import * as upstreamEnds from './upstream/ends.ts'
import * as upstreamFailures from './upstream/failures.ts'
import * as usageUsage from './usage/usage.ts'
import * as validationValidation from './validation/validation.ts'
import * as visionVision from './vision/vision.ts'

/** The chapters of the contract. A namespace lists its exports by name; the reading order is that of the ids. */
const chapters: readonly Readonly<Record<string, unknown>>[] = [
  transportTransport,
  authCredentials,
  authVersions,
  messagesAnswer,
  messagesTogether,
  usageUsage,
  streamingEvents,
  streamingWhole,
  streamingTiming,
  toolsCall,
  toolsArguments,
  toolsServer,
  toolsStrict,
  toolsTurns,
  toolsThreads,
  visionVision,
  documentsDocuments,
  thinkingBlocks,
  cachingCaching,
  outputPrompt,
  outputShape,
  errorsEnvelope,
  errorsErrors,
  validationValidation,
  tokensTokens,
  modelsModels,
  clientsHeaders,
  clientsClaudeCode,
  clientsAccepts,
  clientsMigration,
  chatCompared,
  upstreamEnds,
  upstreamFailures,
  passageArrival,
  passageFields,
  passageConversation,
  passagePrompt,
  passageAnswer,
  passageTranslatedConversation,
  passageTranslatedOptions,
  passageTranslatedAnswer,
  integrityHints,
]

export { measurements } from './clients/suffered.ts'

/** Every requirement that some chapter declares, as it stands there; a test holds them against ids.ts. */
export const declared: ReadonlyMap<string, Requirement> = new Map(
  chapters.flatMap((chapter) => Object.values(chapter).filter(isRequirement)).map((one) => [one.id, one]),
)

/** A requirement with what is known of the clients. */
export type Catalogued = Requirement & Suffered

const byId = new Map<string, Catalogued>([...declared].map(([id, requirement]) => [id, withClaims(requirement)]))

/** Every requirement, in the order of ids.ts. */
export const catalogue: readonly Catalogued[] = ids.flatMap((id: RequirementId) => byId.get(id) ?? [])

/** The requirement of this id, if there is one. */
export function requirementOf(id: string): Catalogued | undefined {
  return byId.get(id)
}

function isRequirement(value: unknown): value is Requirement {
  return typeof value === 'object' && value !== null && 'id' in value && 'level' in value && 'because' in value
}
