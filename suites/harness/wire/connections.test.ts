import { expect, test } from 'vitest'
import { connections, type Connection } from './connections.ts'

interface Named extends Connection {
  readonly name: string
}

/** Connections by name, over time that goes on when told to; each takes 10 ms to set up. */
function route() {
  let time = 0
  const ended: string[] = []
  const kept = connections<Named>(() => time)
  const named = new Map<string, Named>()
  const connection = (name: string): Named => {
    const known = named.get(name)
    if (known) return known
    const made = { name, setUp: 10, close: () => ended.push(name) }
    named.set(name, made)
    return made
  }
  return {
    kept,
    ended,
    connection,
    passes: (milliseconds: number) => (time += milliseconds),
    /** A new one that serves and then rests. */
    serves(name: string): void {
      expect(kept.take()).toBeNull()
      kept.done(false, false)
      kept.rests(connection(name))
    },
  }
}

test('one that rests is not used before it is known that it stays open', () => {
  const { kept, serves, passes } = route()
  serves('a')
  expect(kept.take()).toBeNull()
  passes(10_000)
  expect(kept.take()).toBeNull()
})

test('one is used again where another has stayed open for twice as long, and as long as a close may be late', () => {
  const { kept, serves, passes, connection } = route()
  serves('witness')
  passes(100)
  serves('latest')
  passes(5)
  expect(kept.take()).toBeNull()
  passes(1000)
  serves('newest')
  passes(20)
  expect(kept.take()).toBe(connection('newest'))
})

test('the latest to rest is the first to be used', () => {
  const { kept, serves, passes, connection } = route()
  for (const name of ['witness', 'second', 'third']) serves(name)
  passes(1000)
  serves('fourth')
  expect(kept.take()).toBe(connection('fourth'))
})

test('the first one goes alone; the others once it was served', () => {
  const { kept, serves, passes, connection } = route()
  serves('witness')
  passes(2000)
  kept.take()
  kept.take()
  kept.done(false, false)
  kept.done(false, false)
  kept.rests(connection('a'))
  kept.rests(connection('b'))
  expect(kept.take()).toBe(connection('b'))
  expect(kept.take()).toBeNull()
  kept.done(true, false)
  kept.done(false, false)
  expect(kept.take()).toBe(connection('a'))
})

test('once one broke, none is used again, and none is kept', () => {
  const { kept, serves, passes, connection, ended } = route()
  serves('witness')
  passes(2000)
  serves('a')
  expect(kept.take()).toBe(connection('a'))
  kept.done(true, true)
  expect(ended).toEqual(['witness'])
  serves('b')
  expect(ended).toEqual(['witness', 'b'])
  passes(2000)
  serves('c')
  expect(kept.take()).toBeNull()
})

test('where one was closed at rest, none is used that long after, nor half as long', () => {
  const { kept, serves, passes, connection } = route()
  serves('witness')
  passes(50)
  serves('a')
  passes(400)
  kept.closed(connection('a'))
  passes(5000)
  serves('b')
  passes(150)
  expect(kept.take()).toBeNull()
  serves('c')
  passes(140)
  expect(kept.take()).toBe(connection('c'))
})

test('where each is closed after its answer, sooner or later, none is ever used again', () => {
  for (const late of [0, 1, 60, 105]) {
    const { kept, passes, connection } = route()
    for (let count = 0; count < 30; count++) {
      expect(kept.take()).toBeNull()
      kept.done(false, false)
      kept.rests(connection(`${count}`))
      passes(late)
      kept.closed(connection(`${count}`))
    }
  }
})

test('no more are kept than were needed at once, beside the one that rests longest', () => {
  const { kept, connection, passes, ended } = route()
  for (let count = 0; count < 3; count++) kept.take()
  for (const name of ['a', 'b', 'c', 'd', 'e']) {
    kept.done(false, false)
    kept.rests(connection(name))
  }
  expect(ended).toEqual(['b'])
  passes(2000)
  kept.rests(connection('f'))
  expect(ended).toEqual(['b', 'c'])
  expect(kept.take()).toBe(connection('f'))
})

test('all that rest are closed in the end', () => {
  const { kept, serves, ended } = route()
  serves('a')
  serves('b')
  kept.close()
  expect(ended).toEqual(['a', 'b'])
})
