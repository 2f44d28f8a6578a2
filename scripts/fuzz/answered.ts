import type { Answered, Came, Exchange } from '../../suites/harness/wire/exchange.ts'

/** An exchange with another answer; as it is, where none came. */
export function withAnswer(exchange: Exchange, change: (came: Answered) => Came): Exchange {
  return exchange.came.kind === 'answer' ? { ...exchange, came: change(exchange.came) } : exchange
}

/** An answer with another body, which came in one piece. */
export function withBody(came: Answered, body: Uint8Array): Answered {
  return { ...came, body, chunks: body.length > 0 ? [[came.endedAt ?? 1, body.length]] : [] }
}

/** An exchange whose answer says another text. */
export function withText(exchange: Exchange, change: (text: string) => string): Exchange {
  return withAnswer(exchange, (came) => withBody(came, Buffer.from(change(Buffer.from(came.body).toString()))))
}
