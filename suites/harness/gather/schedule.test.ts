import { describe, expect, test } from 'vitest'
import { schedule, type Scheduled } from './schedule.ts'

/** Pieces that begin when they are due, and end when a test says so. */
function watched(pieces: readonly Scheduled[], width: number) {
  const began: string[] = []
  const ends = new Map<string, () => void>()
  let over = false
  const all = schedule(pieces, width, ({ name }) => {
    began.push(name)
    return new Promise<void>((resolve) => ends.set(name, resolve))
  }).then(() => (over = true))
  const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
  return {
    all,
    /** What began since this was asked last. */
    async begun(): Promise<string[]> {
      await settled()
      return began.splice(0)
    },
    end: (...names: string[]): void => {
      for (const name of names) ends.get(name)?.()
    },
    async isOver(): Promise<boolean> {
      await settled()
      return over
    },
  }
}

const piece = (name: string, dependsOn: readonly string[] = [], group?: string): Scheduled => ({
  name,
  dependsOn,
  group,
})

describe('width', () => {
  test('so many are under way at once, in the order they stand', async () => {
    const { begun, end, isOver } = watched([piece('a'), piece('b'), piece('c'), piece('d')], 2)
    expect(await begun()).toEqual(['a', 'b'])
    end('b')
    expect(await begun()).toEqual(['c'])
    end('a', 'c')
    expect(await begun()).toEqual(['d'])
    expect(await isOver()).toBe(false)
    end('d')
    expect(await isOver()).toBe(true)
  })

  test('one by one', async () => {
    const { begun, end } = watched([piece('a'), piece('b')], 1)
    expect(await begun()).toEqual(['a'])
    end('a')
    expect(await begun()).toEqual(['b'])
    end('b')
  })

  test('all at once where there is room', async () => {
    const { begun, end, isOver } = watched([piece('a'), piece('b'), piece('c')], 10)
    expect(await begun()).toEqual(['a', 'b', 'c'])
    end('a', 'b', 'c')
    expect(await isOver()).toBe(true)
  })
})

describe('dependencies', () => {
  test('a piece begins once all it waits for are done', async () => {
    const { begun, end } = watched([piece('c', ['a', 'b']), piece('a'), piece('b')], 10)
    expect(await begun()).toEqual(['a', 'b'])
    end('a')
    expect(await begun()).toEqual([])
    end('b')
    expect(await begun()).toEqual(['c'])
    end('c')
  })

  test('what waits takes no room', async () => {
    const { begun, end } = watched([piece('b', ['a']), piece('a'), piece('c')], 2)
    expect(await begun()).toEqual(['a', 'c'])
    end('a')
    expect(await begun()).toEqual(['b'])
    end('b', 'c')
  })

  test('a chain is run link by link', async () => {
    const { begun, end, isOver } = watched([piece('c', ['b']), piece('b', ['a']), piece('a')], 10)
    for (const name of ['a', 'b', 'c']) {
      expect(await begun()).toEqual([name])
      end(name)
    }
    expect(await isOver()).toBe(true)
  })

  test('what is not among the pieces counts as done', async () => {
    const { begun, end } = watched([piece('a', ['elsewhere'])], 1)
    expect(await begun()).toEqual(['a'])
    end('a')
  })
})

describe('a group', () => {
  test('begins at the same moment, however large, and counts as one', async () => {
    const pieces = [piece('a'), piece('g1', [], 'g'), piece('b'), piece('g2', [], 'g'), piece('g3', [], 'g')]
    const { begun, end } = watched(pieces, 2)
    expect(await begun()).toEqual(['a', 'g1', 'g2', 'g3'])
    end('g1', 'g2')
    expect(await begun()).toEqual([])
    end('g3')
    expect(await begun()).toEqual(['b'])
    end('a', 'b')
  })

  test('begins once all that any of it waits for are done', async () => {
    const { begun, end } = watched([piece('g1', [], 'g'), piece('g2', ['a'], 'g'), piece('a')], 10)
    expect(await begun()).toEqual(['a'])
    end('a')
    expect(await begun()).toEqual(['g1', 'g2'])
    end('g1', 'g2')
  })

  test('does not wait for its own', async () => {
    const { begun, end, isOver } = watched([piece('g1', ['g2'], 'g'), piece('g2', ['g1'], 'g')], 1)
    expect(await begun()).toEqual(['g1', 'g2'])
    end('g1', 'g2')
    expect(await isOver()).toBe(true)
  })

  test('is not one with another, nor with a piece of its name', async () => {
    const { begun, end } = watched([piece('g'), piece('a', [], 'g'), piece('b', [], 'h')], 1)
    for (const name of ['g', 'a', 'b']) {
      expect(await begun()).toEqual([name])
      end(name)
    }
  })
})

test('pieces that wait for each other in a circle are never run, and the others are', async () => {
  const { begun, end, isOver } = watched([piece('a', ['b']), piece('b', ['a']), piece('c'), piece('d', ['b'])], 10)
  expect(await begun()).toEqual(['c'])
  end('c')
  expect(await isOver()).toBe(true)
  expect(await begun()).toEqual([])
})

test('nothing to do is done at once', async () => {
  expect(await watched([], 3).isOver()).toBe(true)
})

test('a piece that fails ends it with its error', async () => {
  await expect(schedule([piece('a')], 1, () => Promise.reject(new Error('ours')))).rejects.toThrow('ours')
})
