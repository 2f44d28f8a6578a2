/** Bytes that come in pieces. */
export interface Pieces {
  add(bytes: Uint8Array): void
  /** All of them, in memory of their own. */
  whole(): Buffer
}

const blockSize = 16 * 1024

/**
 * Keeps bytes in little more memory than they are: of what a socket reads, even a piece of ten bytes holds a page, and a stream has a
 * thousand of them. So small pieces are copied, one behind the other, and large ones are kept as they are.
 */
export function keeping(): Pieces {
  const kept: Uint8Array[] = []
  let block = new Uint8Array(0)
  let used = 0

  function close(): void {
    if (used > 0) kept.push(block.subarray(0, used))
    block = new Uint8Array(0)
    used = 0
  }

  return {
    add(bytes) {
      if (bytes.length > block.length - used) {
        close()
        if (bytes.length >= blockSize) return void kept.push(bytes)
        block = new Uint8Array(blockSize)
      }
      block.set(bytes, used)
      used += bytes.length
    },
    whole() {
      close()
      return Buffer.concat(kept)
    },
  }
}
