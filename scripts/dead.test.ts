import { readFileSync } from 'node:fs'
import { createServer, request as ask } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Gateway } from '../fixtures/gateways/answer.ts'
import { errorAnswer } from '../fixtures/gateways/alter.ts'
import { generates, hear } from '../fixtures/gateways/parts.ts'
import { defaultKey, defaultModel } from '../fixtures/gateways/reference/identity.ts'
import { createReference } from '../fixtures/gateways/reference/reference.ts'
import type { Report } from '../schemas/types.ts'
import { scratch, serving } from '../suites/self/scratch.ts'
import { typed } from './typed.ts'

/* A gateway that serves nothing, though it is there: one cause, said once in every output. */

/** Lists models and counts tokens, and answers like this whatever it is asked for. */
const instead =
  (status: number, type: string, message: string): Gateway =>
  async (request) =>
    generates(await hear(request)) ? errorAnswer(status, type, message) : createReference()(request)

describe.for<[about: string, gateway: Gateway, says: string]>([
  ['whose upstream is dead', instead(500, 'api_error', 'upstream: connection refused'), 'answered 500: api_error'],
  [
    'that refuses everybody',
    instead(400, 'invalid_request_error', 'Your credit balance is too low.'),
    'answered 400: invalid_request_error: Your credit balance is too low.',
  ],
])('a gateway %s', ([, gateway, says]) => {
  test('is one sentence', async () => {
    const out = scratch()
    const url = await serving(gateway)
    const line = `check --base-url ${url} --model ${defaultModel} --out ${out}`
    const ran = await typed(line, { GATEWAY_API_KEY: defaultKey })
    const sentence = new RegExp(`^.* served none of the \\d+ valid requests it was sent, .*${says}`, 'm')
    expect(ran.out).toMatch(sentence)
    expect(ran.out.split('\n').length).toBeLessThan(10)
    expect(ran.code).toBe(2)

    const read = (name: string): string => readFileSync(join(out, name), 'utf8')
    const report = JSON.parse(read('report.json')) as Report
    expect(report).toMatchObject({
      ending: 'unreachable',
      diagnosis: { kind: 'unserved' },
      conclusion: { exitCode: 2 },
    })
    expect(report.verdicts.filter(({ outcome }) => outcome === 'broken')).toEqual([])
    for (const name of ['summary.md', 'report.html', 'junit.xml']) {
      const text = read(name).replaceAll('&#95;', '_')
      expect(text, name).toContain(says)
      expect(text, name).toContain('served none of the')
    }
    expect(read('summary.md').split('\n').length).toBeLessThan(10)
    // Judged again it is the same.
    const again = await typed(`judge ${join(out, 'tape.jsonl')}`)
    expect(again.code).toBe(2)
    expect(again.out).toMatch(sentence)
  })
})

test('one that dies when a client leaves died of that, and not of what comes next', async () => {
  const reference = await serving()
  const gateway = createServer((from, to) => {
    const { method, url, headers } = from
    let isLeft = false
    from.on('data', (part: Buffer) => (isLeft ||= part.includes('Count from 1 to 60')))
    from.pipe(
      ask(reference + url, { method, headers }, (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('end', () => {
          const body = Buffer.concat(parts)
          to.writeHead(answer.statusCode ?? 502, answer.headers)
          // All but its end: nobody waits for that.
          if (isLeft) to.on('close', die).write(body.subarray(0, 1000))
          else to.end(body)
        })
      }),
    )
  })
  const die = (): void => {
    gateway.close()
    gateway.closeAllConnections()
  }
  onTestFinished(die)
  await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`
  const line = `check --base-url ${url} --model ${defaultModel} --only streaming/survives-hang-up,errors/then-valid`
  const { code, out } = await typed(line, { GATEWAY_API_KEY: defaultKey })
  expect(out).toContain('since streaming/hang-up:stream, which was left in the middle')
  expect(out).toMatch(/^errors +✓/m)
  expect(code).toBe(2)
})
