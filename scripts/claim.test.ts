import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { InputError } from '../suites/harness/wire/input-error.ts'
import { scratch } from '../suites/self/scratch.ts'
import { claim } from './claim.ts'

/** The number of a process that lives until the test is over. */
function living(): number {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume()'], { stdio: ['pipe', 'ignore', 'ignore'] })
  onTestFinished(() => void child.kill())
  return child.pid ?? 0
}

/** The number of a process that has ended. */
function gone(): Promise<number> {
  const child = spawn(process.execPath, ['-e', '0'])
  return new Promise((resolve) => child.on('exit', () => resolve(child.pid ?? 0)))
}

const lock = (path: string, holder: object): void =>
  writeFileSync(path, JSON.stringify({ host: hostname(), since: '2026-01-01T00:00:00.000Z', ...holder }))

test('what is claimed is claimed once, until it is given back', () => {
  const path = join(scratch(), 'lock')
  const release = claim(path, '--out here')
  expect(() => claim(path, '--out here')).toThrow(InputError)
  expect(() => claim(path, '--out here')).toThrow(
    /^--out here is in use by another run \(process \d+ on .*\); name another/,
  )
  release()
  expect(existsSync(path)).toBe(false)
  claim(path, '--out here')()
})

test('another process that lives keeps its claim', () => {
  const path = join(scratch(), 'lock')
  const pid = living()
  lock(path, { pid })
  expect(() => claim(path, 'it')).toThrow(`it is in use by another run (process ${pid} on ${hostname()})`)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid })
})

test('the claim of a process that is gone is taken over, and nothing is left of it', async () => {
  const place = scratch()
  const path = join(place, 'lock')
  lock(path, { pid: await gone() })
  const release = claim(path, 'it')
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid, host: hostname() })
  release()
  expect(readdirSync(place)).toEqual([])
})

test('so is one of an earlier process of our own number, as containers number theirs', () => {
  const path = join(scratch(), 'lock')
  lock(path, { pid: process.pid })
  claim(path, 'it')()
  expect(existsSync(path)).toBe(false)
})

test('on another machine a process is gone that gave no sign of life for minutes', () => {
  const path = join(scratch(), 'lock')
  lock(path, { pid: 1, host: `not-${hostname()}` })
  expect(() => claim(path, 'it')).toThrow(`on not-${hostname()}`)
  utimesSync(path, new Date(0), new Date(0))
  claim(path, 'it')()
})

test('what does not say who holds it is not taken away', () => {
  const path = join(scratch(), 'lock')
  writeFileSync(path, '')
  expect(() => claim(path, 'it')).toThrow(/^it is in use by another run; name another. Where that run is gone, remove /)
  expect(existsSync(path)).toBe(true)
})

test('where no claim can be made, that is said', () => {
  const place = scratch()
  expect(() => claim(join(place, 'none', 'lock'), 'it')).toThrow('cannot be used: there is no such file or folder.')
  mkdirSync(join(place, 'lock'))
  expect(() => claim(join(place, 'lock'), 'it')).toThrow('cannot be used: it is a folder.')
})

test('a release takes away nothing that was taken over', () => {
  const path = join(scratch(), 'lock')
  const release = claim(path, 'it')
  lock(path, { pid: 1 })
  release()
  expect(existsSync(path)).toBe(true)
})
