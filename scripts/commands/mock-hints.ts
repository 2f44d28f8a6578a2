import type { Answer, Gateway } from '../../fixtures/gateways/answer.ts'
import { hear, type Heard } from '../../fixtures/gateways/parts.ts'
import { leftoversIn } from '../../fixtures/chat-completions/leftovers.ts'

/**
 * The same gateway, which also says to whoever runs it what a request that it refused has left over of Chat Completions, and what Messages
 * has instead. The answer stays as it is: it is the official API's. What was said last is not said again at once.
 */
export function hinting(gateway: Gateway, say: (text: string) => void): Gateway {
  let last = ''
  return async (request) => {
    const heard = await hear(request)
    const answer = await gateway(request)
    const hint = hintOn(heard, answer)
    if (hint !== '' && hint !== last) say(hint)
    last = hint
    return answer
  }
}

const refusals: ReadonlySet<number> = new Set([400, 422])

/** Empty where there is nothing to say. It holds nothing of the request but where something stands. */
function hintOn({ method, path, body }: Heard, { status }: Answer): string {
  if (status === 404 && path.endsWith('/chat/completions'))
    return 'POST /chat/completions is of Chat Completions: Messages has POST /v1/messages. What to send there: messages-conformance convert\n'
  if (method !== 'POST' || !refusals.has(status)) return ''
  const lines = leftoversIn(body).map(({ at, says }) => `  ${at}: ${says}\n`)
  return lines.length > 0
    ? `Answered ${status}; left over of Chat Completions (see messages-conformance convert):\n${lines.join('')}`
    : ''
}
