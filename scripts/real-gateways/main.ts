import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { upstreamKey } from '../../fixtures/gateways/reference/identity.ts'
import type { Report } from '../../schemas/types.ts'
import { InputError } from '../../suites/harness/wire/input-error.ts'
import { parseTyped, runScript } from '../checkout.ts'
import { recipes, upstreamKeyVariable, type Recipe } from './recipes.ts'
import { table, type Run } from './table.ts'
import { manifestOf, targetsOf } from './targets.ts'

/*
 * npm run real-gateways: gateways that others wrote, installed from npm into a scratch folder, each judged from both sides at full, one
 * after the other. It needs a registry, and is no part of npm test. Exit code 2 where one of them could not be judged, else 0: what
 * they break is their own affair.
 */

const usage = `npm run real-gateways [-- ${recipes.map(({ gateway }) => gateway).join('|')}] [--out DIR]`
const root = fileURLToPath(new URL('../..', import.meta.url))

/** Installs a gateway, and judges it over each protocol that it has. */
function judged(recipe: Recipe, scratch: string, out: string): readonly Run[] {
  const folder = join(scratch, recipe.gateway)
  mkdirSync(folder)
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifestOf(recipe)))
  execFileSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' })
  return targetsOf(recipe).map(({ dialect, file }) => {
    const target = join(folder, `${dialect}.json`)
    writeFileSync(target, JSON.stringify(file))
    const report = checked(target, join(out, `${recipe.gateway}-${dialect}`))
    return { gateway: recipe.gateway, version: recipe.version, dialect, report }
  })
}

/** Null where there is no report: what check says of that has been shown. */
function checked(target: string, out: string): Report | null {
  spawnSync(
    process.execPath,
    ['--import', 'tsx', join(root, 'scripts/main.ts'), 'check', '--target', target, '--out', out],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, [upstreamKeyVariable]: upstreamKey },
    },
  )
  const path = join(out, 'report.json')
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Report) : null
}

await runScript(() => {
  const { values, positionals } = parseTyped(process.argv.slice(2), { out: { type: 'string' } }, usage)
  const unknown = positionals.find((word) => recipes.every(({ gateway }) => gateway !== word))
  if (unknown !== undefined) throw new InputError(`There is no recipe for ${unknown}. It is: ${usage}`)
  const asked = recipes.filter(({ gateway }) => positionals.length === 0 || positionals.includes(gateway))
  const scratch = mkdtempSync(join(tmpdir(), 'messages-conformance-real-gateways-'))
  try {
    const out = values.out === undefined ? join(scratch, 'out') : resolve(values.out)
    const runs = asked.flatMap((recipe) => judged(recipe, scratch, out))
    process.stdout.write(table(runs))
    return runs.every(({ report }) => report && report.conclusion.exitCode !== 2) ? 0 : 2
  } finally {
    rmSync(scratch, { recursive: true })
  }
})
