import type { Client } from '../harness/judge/clients.ts'
import { requirement } from '../harness/judge/requirement.ts'
import { measured } from '../sources.ts'

/*
 * What each client sends along. A body without messages shows it for free: in whatever headers it comes, it is refused for the body,
 * and not for the credential, the version, the encoding or the name of the client.
 */

const recorded = '2026-11-25'
const sent = 'sends this credential, this version and these headers with every request'

export const typescript = headersOf('typescript-sdk', '1.14.0', 'the TypeScript SDK', 'bearer')
export const typescriptOfOld = headersOf('typescript-sdk-0', '0.137.0', 'the TypeScript SDK before 1.0', 'x-api-key')
export const python = headersOf('python-sdk', '2.14.0', 'the Python SDK', 'bearer')
export const pythonOfOld = headersOf('python-sdk-1', '1.17.0', 'the Python SDK before 2.0', 'x-api-key')
export const go = headersOf('go-sdk', '2.15.0', 'the Go SDK', 'bearer')
export const java = headersOf('java-sdk', '3.14.0', 'the Java SDK', 'bearer')
export const ai = headersOf('ai-sdk', '4.0.105', 'the AI SDK', 'x-api-key')

type Sent = Exclude<Client, 'claude-code' | 'raw-http'>

/** Compared with the same body and the same credential in plain headers: what becomes of the credential is the affair of auth/*. */
function headersOf(client: Sent, version: string, who: string, credential: 'bearer' | 'x-api-key') {
  const own = `clients/${client}` as const
  const plain = `validation/no-messages-${credential}` as const
  // The name of a computed key is lost on the way to a type.
  const reads = { [own]: 'answer', [plain]: 'answer' } as Readonly<Record<typeof own | typeof plain, 'answer'>>
  return requirement(`clients/${client}-headers`, {
    level: 'must',
    profile: 'sdk',
    title: `what is wrong in the headers of ${who} is refused as in plain ones`,
    because: 'What is turned away for its headers works with curl, and from no program.',
    breaks: [client],
    source: measured(client, version, recorded, sent),
    reads,
    *check({ [own]: { status }, [plain]: { status: usual } }) {
      if (![usual, 400, 422].includes(status))
        yield { at: 'status', expected: `${usual}, as in plain headers`, actual: String(status), fixture: own }
    },
  })
}
