import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { variants } from '../../fixtures/gateways/variants.ts'
import type { ClientTried } from '../../schemas/types.ts'
import type { Group, Outcome } from '../../suites/clients/outcomes.ts'
import type { Case } from '../client/cases.ts'
import { tryCommand } from '../client/trial.ts'
import { isSeenByClients } from './gateways.ts'
import type { ByGroup } from './measure.ts'
import type { Measurement } from './measured-file.ts'

/*
 * Claude Code, headless, installed from npm into a scratch folder: two short sessions, as `client` tries a command. What a gateway answers
 * no request of them otherwise is not tried, and nothing is known of it; nothing leaves this machine but the installation.
 */

const version = '2.1.332'
const model = 'claude-sonnet-5-5'
/** Milliseconds for a session; on the reference it takes a second or two. */
const limit = 60_000
const concurrency = 3

/** What it is asked, by the group of calls that it stands for. */
const sessions: Readonly<Partial<Record<Group, string>>> = {
  stream: 'Name three rivers.',
  loop: 'Call the tool Read with file_path set to "notes.txt", then say what it brought.',
}

/** It asks for nothing but its model, tries no more often than it has to, and whatever else it asks for stays here. */
const quiet = [
  'CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC=1',
  'DISABLE_AUTOUPDATER=1',
  'CLAUDE_CODE_MAX_RETRIES=2',
  'HTTPS_PROXY=http://127.0.0.1:9',
  'HTTP_PROXY=http://127.0.0.1:9',
  'NO_PROXY=127.0.0.1',
]

/** Measures it. Rejects where it cannot be installed; throws an InputError where it does not work on the reference. */
export async function driveClaudeCode(control: boolean): Promise<readonly Measurement[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'measure-claude-code-'))
  try {
    const install = ['install', '--no-fund', '--no-audit', '--prefix', scratch, `@anthropic-ai/claude-code@${version}`]
    await promisify(execFile)('npm', install)
    const folder = join(scratch, 'folder')
    mkdirSync(folder)
    writeFileSync(join(folder, 'notes.txt'), 'The codeword is MARIGOLD.\n')
    const seen = faults.filter(isSeenByClients).map((fault): Case => ({ ...fault, kind: 'fault' }))
    const legal = variants.map((variant): Case => ({ ...variant, kind: 'variant' }))
    const found = await trySessions(join(scratch, 'node_modules', '.bin', 'claude'), folder, [
      ...seen,
      ...(control ? legal : []),
    ])
    const of = (cases: readonly Case[]): ReadonlyMap<string, ByGroup> =>
      new Map(cases.map(({ id }) => [id, found.get(id) ?? {}]))
    return [{ client: 'claude-code', version, faults: of(seen), variants: control ? of(legal) : null }]
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 3 })
  }
}

async function trySessions(program: string, folder: string, cases: readonly Case[]): Promise<Map<string, ByGroup>> {
  const found = new Map<string, ByGroup>()
  for (const [group, prompt] of Object.entries(sessions)) {
    const { reference, tried } = await tryCommand({
      command: ['env', ...quiet, program, '-p', prompt, '--allowedTools', 'Read'],
      model,
      keyVariable: 'ANTHROPIC_AUTH_TOKEN',
      folder,
      environment: process.env,
      limit,
      cases,
      concurrency,
      signal: new AbortController().signal,
      keep: () => {},
      progress: (done, all) => process.stderr.write(`\r${group}: ${done} of ${all} `),
    })
    for (const one of tried) {
      const outcome = outcomeOfSession(one, reference.requests)
      if (outcome !== 'not-provoked') found.set(one.id, { ...found.get(one.id), [group]: outcome })
    }
  }
  return found
}

/** What a session came to, beside one on the reference, which took so many requests. */
export function outcomeOfSession({ state, ran }: Pick<ClientTried, 'state' | 'ran'>, requests: number): Outcome {
  if (!ran) return 'not-provoked'
  if (state === 'hangs') return 'hangs'
  if (ran.exit.kind !== 'code' || ran.exit.code !== 0) return 'raises'
  if (ran.wrote !== null) return 'silently-other'
  return state === 'survives' || ran.requests > requests ? 'recovers' : 'same'
}
