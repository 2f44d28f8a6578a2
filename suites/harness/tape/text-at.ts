import { closeSync, openSync, readSync } from 'node:fs'

/**
 * The text of a file that has at most so many bytes; null where it has more, as one without an end has (/dev/zero); undefined where it
 * cannot be read.
 */
export function textAt(path: string, mostBytes: number): string | null | undefined {
  try {
    const file = openSync(path, 'r')
    try {
      return read(file, mostBytes)
    } finally {
      closeSync(file)
    }
  } catch {
    return undefined
  }
}

const pieceBytes = 1024 * 1024

function read(file: number, mostBytes: number): string | null {
  const pieces: Buffer[] = []
  for (let total = 0; total <= mostBytes;) {
    const piece = Buffer.allocUnsafe(Math.min(pieceBytes, mostBytes + 1 - total))
    const length = readSync(file, piece, 0, piece.length, null)
    if (length === 0) return Buffer.concat(pieces).toString('utf8')
    pieces.push(piece.subarray(0, length))
    total += length
  }
  return null
}
