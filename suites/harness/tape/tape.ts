import { isUtf8 } from 'node:buffer'
import { closeSync, createReadStream, openSync, writeFileSync } from 'node:fs'
import type { TapeAnswer, TapeExchange, TapeFooter, TapeHeader, TapeLine } from '../../../schemas/types.ts'
import type { TapeWithheld, Unredactable } from '../../../schemas/types.ts'
import { validateTapeLine } from '../../../schemas/validators.js'
import { decode, remember, rememberText } from '../wire/body.ts'
import type { Answered, Exchange } from '../wire/exchange.ts'
import { counted } from '../wire/counted.ts'
import { isObject, toJson } from '../wire/json.ts'
import { faultInJson } from '../wire/json-fault.ts'
import { InputError } from '../wire/input-error.ts'
import { fileAt, unusable } from './unusable.ts'

export interface TapeWriter {
  /** The exchange is in the file when this returns. */
  write(exchange: Exchange): void
  /** Writes the footer, which vouches for all lines before it, and closes the file. */
  end(end: Omit<TapeFooter, 'kind' | 'exchanges'>): void
}

/**
 * Begins a tape: JSON Lines, a header, a line an exchange, a footer. A run that is interrupted leaves a tape that reads up to there.
 * `mode`: who may read it, where it is made anew. Throws an InputError where the file cannot be written.
 */
export function createTape(path: string, header: TapeHeader, mode?: number): TapeWriter {
  const file = fileAt(path, () => openSync(path, 'w', mode))
  let exchanges = 0
  const append = (line: TapeLine): void => fileAt(path, () => writeFileSync(file, `${toJson(line)}\n`))
  append(header)
  return {
    write(exchange) {
      append(toLine(exchange))
      exchanges++
    },
    end(end) {
      append({ kind: 'footer', ...end, exchanges })
      closeSync(file)
    },
  }
}

export interface Tape {
  readonly header: TapeHeader
  /** In the order they were written; to be read once. Throws an InputError that names the line where one is no line of a tape. */
  readonly exchanges: AsyncIterable<Exchange>
  /** What the tape ends with: known once all exchanges are read. */
  end(): TapeEnd
}

/**
 * `complete` is false where the footer is missing, since the run that wrote it was cut short; and where there are fewer exchanges
 * than it says, since somebody took lines out: `written` is how many there were, where that is known.
 */
export type TapeEnd =
  | { readonly complete: true; readonly footer: TapeFooter }
  | { readonly complete: false; readonly footer: null; readonly written: number | null }

/** Opens a tape and reads its header; the rest is read as it is asked for, in memory that does not grow with its length. */
export async function readTape(path: string): Promise<Tape> {
  const lines = readLines(path)
  const first = await lines.next()
  if (first.done || first.value.kind !== 'header')
    throw new InputError(`${path} is no tape: it does not begin with a header.`)
  let footer: TapeFooter | null = null
  let count = 0

  async function* exchanges(): AsyncGenerator<Exchange> {
    for await (const line of lines) {
      if (footer) throw new InputError(`${path} goes on behind its footer.`)
      if (line.kind === 'header') throw new InputError(`${path} has a second header.`)
      if (line.kind === 'exchange') {
        count++
        yield fromLine(line)
      } else if (line.exchanges >= count) footer = line
      else throw new InputError(`${path} holds ${counted(count, 'exchange')}, and its footer says ${line.exchanges}.`)
    }
  }

  const end = (): TapeEnd =>
    footer?.exchanges === count
      ? { complete: true, footer }
      : { complete: false, footer: null, written: footer?.exchanges ?? null }
  return { header: first.value, exchanges: exchanges(), end }
}

/** An exchange as a line of a tape. */
export function toLine({ origin, settles, came, arrivals, ...exchange }: Exchange): TapeExchange {
  return {
    kind: 'exchange',
    ...exchange,
    ...(origin !== 'gathered' && { origin }),
    ...(settles !== undefined && { settles }),
    came: came.kind === 'nothing' ? came : answerOf(came),
    ...(arrivals && { arrivals: arrivals.map((arrival) => ({ ...arrival, came: answerOf(arrival.came) })) }),
  }
}

/** The exchange that a line of a tape was written from. */
export function fromLine(line: TapeExchange): Exchange {
  const { kind: _, hash: _hash, origin = 'gathered', came, arrivals, ...exchange } = line
  return {
    ...exchange,
    origin,
    came: came.kind === 'nothing' ? came : answeredFrom(came),
    ...(arrivals && { arrivals: arrivals.map((arrival) => ({ ...arrival, came: answeredFrom(arrival.came) })) }),
  }
}

function answerOf(answered: Answered): TapeAnswer {
  const { withheld, ...came } = answered
  return { ...came, body: withheld ? withheldBody(answered, withheld) : bodyOf(came.body) }
}

function withheldBody(answered: Answered, withheld: Unredactable): TapeWithheld {
  const decoded = decode(answered)
  const unread = !decoded.ok && decoded.because !== 'withheld' && { because: decoded.because, detail: decoded.detail }
  return { withheld, bytes: answered.body.length, ...(unread && { unread }) }
}

function bodyOf(bytes: Uint8Array): TapeAnswer['body'] {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return isUtf8(buffer) ? { text: buffer.toString('utf8') } : { base64: buffer.toString('base64') }
}

function answeredFrom(came: TapeAnswer): Answered {
  if ('withheld' in came.body) return withheldFrom(came, came.body)
  if ('base64' in came.body) return { ...came, body: Buffer.from(came.body.base64, 'base64') }
  const { text } = came.body
  const answered: Answered = { ...came, body: Buffer.from(text) }
  rememberText(answered, text)
  return answered
}

function withheldFrom(came: TapeAnswer, { withheld, bytes, unread }: TapeWithheld): Answered {
  const answered: Answered = { ...came, body: new Uint8Array(bytes), withheld }
  if (unread) remember(answered, { ok: false, ...unread })
  return answered
}

/** The lines of a tape, each vouched for. A last line that breaks off is left out: whoever wrote it was interrupted. */
async function* readLines(path: string): AsyncGenerator<TapeLine> {
  let number = 0
  for await (const { text, whole } of linesOf(path)) {
    number++
    if (text === '') continue
    const line = parse(number === 1 ? text.replace(/^\uFEFF/, '') : text)
    if (line === undefined && !whole && number > 1) return
    if (line === undefined) {
      const column = faultInJson(text)?.column ?? 1
      throw new InputError(`${path}, line ${number}, column ${column}: this is no JSON.`)
    }
    if (!validateTapeLine(line)) throw new InputError(`${path}, line ${number}: ${fault(line)}.`)
    yield line
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What the validator has just found wrong with a line, as the end of a sentence. */
function fault(line: unknown): string {
  const format = isObject(line) && 'format' in line ? line['format'] : 1
  if (format !== 1) return `this is a tape of format ${JSON.stringify(format)}, and only format 1 is known here`
  const [first] = validateTapeLine.errors ?? []
  const at = first?.instancePath || 'the line'
  const unknown = first?.params['additionalProperty']
  if (unknown !== undefined) return `${at} has ${JSON.stringify(unknown)}, which is not known here`
  if (first?.keyword === 'discriminator') return `${at} has a kind that is not known here`
  return `${at} ${first?.message ?? 'is no line of a tape'}`
}

const lineFeed = 10

/** Pieces of a line, of 1 MiB: far more than an exchange of ours has. */
const mostOfLine = 128

/** The lines of a file, read piece by piece; `whole` is false for a last one without its line end. */
async function* linesOf(path: string): AsyncGenerator<{ text: string; whole: boolean }> {
  let begun: Buffer[] = []
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) {
      let from = 0
      for (let to = piece.indexOf(lineFeed); to !== -1; to = piece.indexOf(lineFeed, from)) {
        const end = piece.subarray(from, to)
        yield { text: (begun.length === 0 ? end : Buffer.concat([...begun, end])).toString('utf8'), whole: true }
        begun = []
        from = to + 1
      }
      if (from < piece.length) begun.push(piece.subarray(from))
      if (begun.length > mostOfLine) throw new InputError(`${path} has a line that is too long for a tape.`)
    }
  } catch (error) {
    throw unusable(path, error)
  }
  if (begun.length > 0) yield { text: Buffer.concat(begun).toString('utf8'), whole: false }
}
