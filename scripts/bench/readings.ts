import { createWriteStream, readFileSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { Stream } from '@anthropic-ai/sdk/core/streaming'
import { createParser } from 'eventsource-parser'
import { readEventStream } from '../../suites/harness/views/event-stream.ts'
import type { HeaderList } from '../../suites/harness/wire/exchange.ts'
import { header } from '../../suites/harness/wire/headers.ts'
import { inTurn, node, timed } from './programs.ts'
import { ms, type Row } from './table.ts'

/** Judging long tapes, made of the run on `tape` over and over: its time beside that of reading them at all, and its memory. */
export async function judging(main: string, folder: string, tape: string): Promise<readonly Row[]> {
  const small = await longTape(tape, folder, 10_000_000)
  const large = await longTape(tape, folder, 100_000_000)
  const ten = await node([main, 'judge', small], { peak: true })
  const hundred = await node([main, 'judge', large], { peak: true })
  const parse = await timed(() => {
    for (const line of readFileSync(large, 'utf8').split('\n')) if (line !== '') JSON.parse(line)
  })
  const sdk = await timed(() => readBySdk(large))
  const took = hundred.milliseconds
  return [
    {
      what: 'judging a tape of 100 MB',
      ours: ms(took),
      compared: `JSON.parse of its lines: ${ms(parse)}`,
      ratio: took / parse,
    },
    { what: '', ours: '', compared: `the official SDK reading the same bodies: ${ms(sdk)}`, ratio: took / sdk },
    {
      what: 'peak memory of that',
      ours: `${Math.round(hundred.peak)} MiB`,
      compared: `of judging 10 MB: ${Math.round(ten.peak)} MiB`,
      ratio: hundred.peak / ten.peak,
    },
  ]
}

/** A tape of at least so many bytes: the exchanges of a run over and over. */
async function longTape(run: string, folder: string, bytes: number): Promise<string> {
  const [header = '', ...lines] = readFileSync(run, 'utf8').trim().split('\n')
  const exchanges = lines.slice(0, -1)
  const round = `${exchanges.join('\n')}\n`
  const rounds = Math.ceil(bytes / Buffer.byteLength(round))
  const path = join(folder, `${bytes}.jsonl`)
  const file = createWriteStream(path)
  file.write(`${header}\n`)
  for (let count = 0; count < rounds; count++) if (!file.write(round)) await once(file, 'drain')
  const footer = {
    kind: 'footer',
    ending: 'complete',
    sent: { requests: 0, inputTokens: 0, outputTokens: 0 },
    exchanges: exchanges.length * rounds,
    ended: new Date(0).toISOString(),
  }
  file.end(`${JSON.stringify(footer)}\n`)
  await once(file, 'close')
  return path
}

interface AnswerLine {
  readonly came?: { readonly body?: { readonly text?: string }; readonly headers?: HeaderList }
}

/** The bodies on a tape as the official SDK reads them: events one by one, JSON at once. */
async function readBySdk(path: string): Promise<void> {
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line === '') continue
    const { came } = JSON.parse(line) as AnswerLine
    const body = came?.body?.text
    if (body === undefined) continue
    if (!header(came?.headers ?? [], 'content-type')?.startsWith('text/event-stream')) {
      if (body.startsWith('{')) parsed(body)
      continue
    }
    try {
      for await (const event of Stream.fromSSEResponse(new Response(body), new AbortController())) void event
    } catch {
      // An error event of the run is thrown by the SDK; it has read that far.
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Reading an event stream, beside a parser that many use. */
export async function reader(): Promise<readonly Row[]> {
  const delta = (index: number): string =>
    `event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":" word ${index}"}}\n\n`
  const text = Array.from({ length: 100_000 }, (_, index) => delta(index)).join('')
  const megabytes = Buffer.byteLength(text) / 1e6
  const took = await inTurn(7, {
    ours: () => timed(() => readEventStream(text)),
    theirs: () =>
      timed(() => {
        const events: unknown[] = []
        createParser({ onEvent: (event) => events.push(event) }).feed(text)
      }),
  })
  const rate = (milliseconds: number): string => `${Math.round(megabytes / (milliseconds / 1000))} MB/s`
  return [
    {
      what: 'reading an event stream',
      ours: rate(took.ours),
      compared: `eventsource-parser: ${rate(took.theirs)}`,
      ratio: took.ours / took.theirs,
    },
  ]
}
