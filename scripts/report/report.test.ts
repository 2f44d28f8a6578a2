import { expect, test } from 'vitest'
import { referenceTarget } from '../../suites/run/reference-target.ts'
import { concludeFor, judgingFor } from '../../suites/run/judging.ts'
import { wholeProfile } from '../../suites/run/selection.ts'
import { identityOf, reportOf } from './report.ts'

const key = 'k3y-of-ours-7f3k9q2x8w'
const target = {
  ...referenceTarget(`https://gateway.example/${key}`),
  kind: 'gateway' as const,
  key,
  model: `acme/${key}`,
  name: `a ${key}`,
}

test('which gateway was asked is said without its key', () => {
  const mark = '[redacted:credential]'
  const said = { kind: 'gateway', baseUrl: `https://gateway.example/${mark}`, model: `acme/${mark}`, name: `a ${mark}` }
  expect(identityOf(target)).toEqual(said)
})

test('a report holds no trace of a secret, whatever a waiver or a diagnosis says', () => {
  const selection = {
    ...wholeProfile('sdk'),
    waivers: [{ id: 'usage/shape', because: `the key ${key}`, until: '2099-01-01' }],
  }
  const sentence = `\\u006b${key.slice(1)} was refused`
  const judged = judgingFor(selection).verdicts()
  const outcome = concludeFor(selection, judged, { ending: 'unauthorised', today: '2026-01-01', because: sentence })
  const report = reportOf({
    ...{ target, selection, started: new Date(0), outcome, diagnosis: { kind: 'credential', sentence } },
    gathered: { ending: 'unauthorised', sent: { requests: 1, inputTokens: 0, outputTokens: 0 } },
  })
  expect(JSON.stringify(report)).not.toContain(key.slice(1))
  expect(report.diagnosis?.sentence).toBe('[redacted:credential] was refused')
})
