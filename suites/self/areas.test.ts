import { expect, test } from 'vitest'
import { areaOf, areas } from '../areas.ts'
import { ids } from '../ids.ts'

test.for([
  ['streaming/ends', 'streaming'],
  ['messages/hello:stream', 'messages'],
  ['upstream', 'upstream'],
])('the area of %s is %s', ([id = '', area]) => {
  expect(areaOf(id)).toBe(area)
})

test('each area stands once, where its first requirement does', () => {
  expect(new Set(areas).size).toBe(areas.length)
  expect(areas[0]).toBe(areaOf(ids[0]))
  expect(ids.filter((id) => !areas.includes(areaOf(id)))).toEqual([])
})
