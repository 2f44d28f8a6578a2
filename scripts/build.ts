import { execFileSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

/* Builds what the npm package holds into dist: the command, the library, the faces for vitest and msw, and their types. */

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = `${root}dist`

/** For those who import: ES modules, as vitest and msw are. */
const faces = {
  library: 'scripts/library.ts',
  vitest: 'suites/vitest/suite.ts',
  'vitest-setup': 'suites/vitest/setup.ts',
  mock: 'fixtures/gateways/mock.ts',
  msw: 'fixtures/gateways/msw.ts',
}

/** The command, and the thread of one: CommonJS, of which Node starts faster, and which nobody imports. */
const command = { main: 'scripts/main.ts', 'tap-worker': 'scripts/tap/worker.ts' }

/**
 * What a command loads stands in few files, for each costs as much as some ten thousand characters: a part takes what its module needs at
 * once, as far as no part before it has that. What is small and asked for alone stands first.
 */
const parts = {
  process: 'scripts/process.ts',
  list: 'scripts/commands/list.ts',
  grounds: 'suites/grounds.ts',
  explain: 'scripts/commands/explain.ts',
  plan: 'scripts/commands/plan.ts',
  contract: 'schemas/validators.js',
  reference: 'scripts/reference.ts',
  catalogue: 'suites/catalogue.ts',
  check: 'scripts/commands/check.ts',
}

rmSync(dist, { recursive: true, force: true })
await bundled(faces, 'esm', 'js')
await bundled(command, 'cjs', 'cjs')
execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`], {
  stdio: 'inherit',
})

/** Writes bundles, each for one of the entries, and what they share. */
async function bundled(input: Record<string, string>, format: 'esm' | 'cjs', extension: string): Promise<void> {
  const bundle = await rolldown({
    cwd: root,
    input,
    platform: 'node',
    external: [/^node:/, 'vitest', 'msw'],
    transform: { target: 'node20.19' },
  })
  await bundle.write({
    dir: dist,
    format,
    entryFileNames: `[name].${extension}`,
    chunkFileNames: `chunks/[name]-[hash].${extension}`,
    codeSplitting: {
      groups: Object.entries(parts).map(([name, module]) => ({
        name,
        test: (id: string) => id === join(root, module),
      })),
    },
  })
  await bundle.close()
}
