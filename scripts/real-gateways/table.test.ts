import { expect, test } from 'vitest'
import type { ReportedVerdict } from '../../schemas/types.ts'
import { table, type Run } from './table.ts'

const finding = { fixture: 'f', at: '/a', expected: 'b', actual: 'c' }

function verdict(part: Partial<ReportedVerdict>): ReportedVerdict {
  return {
    id: 'usage/input-counted',
    level: 'must',
    profile: 'minimum',
    outcome: 'broken',
    why: null,
    findings: [finding],
    ...part,
  }
}

function reported(exitCode: 0 | 1 | 2, verdicts: readonly ReportedVerdict[], reasons: string[] = []): Run['report'] {
  return { conclusion: { exitCode, conformant: null, reached: null, reasons, failing: [] }, verdicts: [...verdicts] }
}

test('a line for each run, and what each broke: musts first, nothing of what held', () => {
  const verdicts = [
    verdict({ id: 'transport/request-id', level: 'should' }),
    verdict({ findings: [finding, finding] }),
    verdict({ id: 'errors/envelope', outcome: 'holds', findings: [] }),
  ]
  const runs: Run[] = [
    { gateway: 'Some', version: '1.2.3', dialect: 'messages', report: reported(1, verdicts, ['not shown']) },
    { gateway: 'Other', version: '10.0.0', dialect: 'chat-completions', report: reported(0, []) },
  ]
  expect(table(runs).split('\n')).toEqual([
    'gateway  version  over              exit code  broken',
    'Some     1.2.3    messages          1          1 must, 1 should',
    'Other    10.0.0   chat-completions  0          0 must, 0 should',
    '',
    'Some 1.2.3 over messages',
    '  must    usage/input-counted (2)',
    '  should  transport/request-id (1)',
    '',
    'Other 10.0.0 over chat-completions',
    '',
  ])
})

test('what could not be judged says why, as far as there is a report', () => {
  const runs: Run[] = [
    {
      gateway: 'Some',
      version: '1',
      dialect: 'messages',
      report: reported(2, [], ['nothing can be said of this gateway.']),
    },
    { gateway: 'Other', version: '2', dialect: 'messages', report: null },
  ]
  expect(table(runs).split('\n')).toEqual([
    'gateway  version  over      exit code  broken',
    'Some     1        messages  2          0 must, 0 should',
    'Other    2        messages  2',
    '',
    'Some 1 over messages',
    '  nothing can be said of this gateway.',
    '',
    'Other 2 over messages',
    '',
  ])
})
