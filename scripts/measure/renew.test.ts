import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { alterMessage } from '../../fixtures/gateways/alter.ts'
import { calls } from './calls.ts'
import { measure, type ByGroup } from './measure.ts'
import { textOf, updated, type Measurement } from './measured-file.ts'
import { renew } from './renew.ts'
import { makeCall } from './typescript.ts'

/** One call on one gateway, as they are measured. */
async function measuring(): Promise<readonly Measurement[]> {
  const few = calls().filter(({ name }) => name === 'messages/hello')
  const gateways = [{ id: 'no-content', over: alterMessage((message) => ({ ...message, content: [] })) }]
  const faults = new Map<string, ByGroup>()
  for await (const [id, byGroup] of measure(
    (call, gateway) => makeCall('typescript-sdk', call, gateway),
    few,
    gateways,
  ))
    faults.set(id, byGroup)
  return [{ client: 'typescript-sdk', version: '1.14.0', faults, variants: null }]
}

async function renewed(text: string, check: boolean): Promise<{ code: number; said: string; text: string }> {
  const path = join(mkdtempSync(join(tmpdir(), 'renew-')), 'measured.json')
  writeFileSync(path, text)
  let said = ''
  const code = await renew({ path, check, today: '2026-11-26', say: (line) => (said += `${line}\n`) }, measuring)
  return { code, said, text: readFileSync(path, 'utf8') }
}

const nothing = textOf({ clients: {}, faults: {}, variants: {} })

test('a file that says what is found is fresh, and stays as it is', async () => {
  const written = await renewed(nothing, false)
  expect(written).toMatchObject({ code: 0, said: expect.stringContaining('was written') as string })
  for (const check of [true, false])
    expect(await renewed(written.text, check)).toEqual({ code: 0, said: '', text: written.text })
})

test('with --check, one that says something else is stale: exit 1, what is new, and nothing is written', async () => {
  const { text } = await renewed(nothing, false)
  const altered = text.replace('silently-other', 'raises')
  expect(altered).not.toBe(text)
  const { code, said, text: after } = await renewed(altered, true)
  expect([code, after]).toEqual([1, altered])
  expect(said).toContain('is stale. Run: npm run measure')
  expect(said).toContain('"no-content": {"typescript-sdk":{"create":"silently-other"')
})

test('with --check, one of another version is stale', async () => {
  const [found] = await measuring()
  if (!found) throw new Error('Nothing was measured.')
  const older = updated({ clients: {}, faults: {}, variants: {} }, { ...found, version: '1.13.0' }, '2026-11-26')
  expect((await renewed(textOf(older), true)).code).toBe(1)
})
