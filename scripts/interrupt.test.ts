import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { interruptible } from './interrupt.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const
const listeners = (): number[] => signals.map((signal) => process.listenerCount(signal))

test('while somebody listens, and no longer', () => {
  const before = listeners()
  const { signal, release } = interruptible()
  expect(listeners()).toEqual(before.map((count) => count + 1))
  release()
  expect(listeners()).toEqual(before)
  expect(signal.aborted).toBe(false)
})

/** A process that says when it listens, when it was interrupted, and then goes on. */
const program = `
  import { interruptible } from ${JSON.stringify(new URL('./interrupt.ts', import.meta.url).href)}
  setInterval(() => {}, 1000)
  interruptible().signal.addEventListener('abort', () => console.log('interrupted'))
  console.log('listening')
`

test.each(signals)('the first %s interrupts, the second one ends the process', async (signal) => {
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', program], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said = async (): Promise<string> => String((await once(child.stdout, 'data'))[0]).trim()
  expect(await said()).toBe('listening')
  const interrupted = said()
  child.kill(signal)
  expect(await interrupted).toBe('interrupted')
  const exited = once(child, 'exit')
  child.kill(signal)
  expect(await exited).toEqual([null, signal])
})
