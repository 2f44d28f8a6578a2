import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { scratch } from '../../suites/self/scratch.ts'
import { typed } from '../typed.ts'

interface Planned {
  readonly requests: number
  readonly behind?: {
    readonly dialect: string
    readonly requirements: readonly string[]
    readonly again: number
    readonly ways: number
  }
  readonly steps: readonly { readonly name: string; readonly paid: boolean; readonly quirk?: string }[]
}

const planned = async (...more: readonly string[]): Promise<Planned> =>
  JSON.parse((await typed(['plan', '--json', ...more])).out) as Planned

describe('a plan of both sides', () => {
  test('says which requirements need the upstream, and what they send', async () => {
    const [front, both] = [await planned(), await planned('--upstream-dialect', 'messages')]
    expect(front.behind).toBeUndefined()
    expect(both.behind).toMatchObject({ dialect: 'messages', again: 0, ways: 0 })
    expect(both.behind?.requirements).toContain('passage/let-go')
    expect(both.behind?.requirements).not.toContain('messages/json')
    expect(both.requests).toBeGreaterThan(front.requests)
  })

  test('names what a translator is asked again, which nobody pays for', async () => {
    const { steps, behind } = await planned('--profile', 'full', '--upstream-dialect', 'chat-completions')
    const again = steps.filter(({ quirk }) => quirk !== undefined)
    expect(again.filter(({ paid }) => paid)).toEqual([])
    expect(behind).toMatchObject({ again: again.length, ways: new Set(again.map(({ quirk }) => quirk)).size })
    expect(again.length).toBeGreaterThan(0)
    expect(behind?.requirements).toContain('passage/chat-stops-kept')
  })

  test('a port means one of Messages, as for check', async () => {
    expect((await planned('--upstream-port', '4010')).behind?.dialect).toBe('messages')
  })

  test('is a sentence below the table', async () => {
    const { out } = await typed('plan --only passage/chat-limit-kept --upstream-dialect chat-completions')
    expect(out).toMatch(
      /\n1 requirement needs the upstream, which is ours and is spoken to in chat-completions: behind the gateway nobody is paid\. Of the requests, \d+ ask again while it speaks otherwise, in \d+ ways\.\n$/,
    )
  })
})

test('each gateway of a target file has the plan of its own check', async () => {
  const path = join(scratch(), 'targets.json')
  const target = (name: string, more: object): object => ({
    name,
    baseUrl: 'https://gateway.example',
    model: 'm',
    ...more,
  })
  const key = { env: 'A_KEY_THAT_IS_NOT_SET' }
  const targets = [
    target('front', { key }),
    target('both', { key, upstream: { dialect: 'messages', port: 0 } }),
    target('keyless', { auth: 'none' }),
  ]
  writeFileSync(path, JSON.stringify({ targets }))
  const { out } = await typed(['plan', '--json', '--target', path])
  const [front, both, keyless] = (JSON.parse(out) as { targets: readonly (Planned & { name: string })[] }).targets
  expect([front?.name, both?.name, keyless?.name]).toEqual(['front', 'both', 'keyless'])
  expect({ ...front, name: undefined }).toEqual({ ...(await planned()), name: undefined })
  expect(both?.behind?.dialect).toBe('messages')
  expect(keyless?.steps.map(({ name }) => name)).not.toContain('auth/none')
  const { out: text } = await typed(['plan', '--target', path])
  expect(text).toMatch(/^front\n\nrequest +input +output\n[^]*\n\nboth\n\nrequest [^]*\n\nkeyless\n\nrequest /)
})
