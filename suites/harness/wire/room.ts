/** What one exchange may keep of what goes through. */
export interface Room {
  /** Whether so many more bytes are kept. Once they are not, none are. */
  take(bytes: number): boolean
  release(): void
  readonly overflown: boolean
}

/** Memory for copies, shared by all exchanges under way. */
export function memoryOf(all: number): { roomFor(each: number): Room } {
  let used = 0
  return {
    roomFor(each) {
      let own = 0
      let overflown = false
      return {
        take(bytes) {
          overflown ||= own + bytes > each || used + bytes > all
          if (overflown) return false
          own += bytes
          used += bytes
          return true
        },
        release: () => (used -= own),
        get overflown() {
          return overflown
        },
      }
    },
  }
}
