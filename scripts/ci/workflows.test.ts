import { readdirSync, readFileSync } from 'node:fs'
import { validateAction, validateWorkflow } from '@action-validator/core'
import { describe, expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { commandNamed } from '../command-table.ts'
import { parseOptions } from '../options.ts'
import { shardMeant } from '../shard.ts'
import { workflow } from '../workflow.ts'

/* What GitHub reads, held against its published schemas: a mistake would show only once it is used. */

const text = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const namesIn = (folder: string): string[] => readdirSync(new URL(folder, import.meta.url))

/** Our own, which run here; and the examples, which are copied. */
const own = namesIn('../../.github/workflows/').map((name) => `../../.github/workflows/${name}`)
const examples = ['nightly.yml', 'pull-request.yml', 'fleet.yml']

/** Those that share the targets of a file among several jobs, and have another one merge what they write. */
const fleets = ['fleet.yml', 'gitlab-fleet.yml', 'kubernetes.yml']

const action = text('../../action.yml')
const readme = text('../../README.md')
const everything = [
  action,
  text('gitlab.yml'),
  text('gitlab-fleet.yml'),
  text('kubernetes.yml'),
  workflow('t.json', 'KEY'),
  ...[...own, ...examples].map(text),
]

/** The steps that a text shows, as they would stand in a workflow. */
const shownSteps = [...readme.matchAll(/^```yaml\n(- uses: [^]*?)^```$/gm)].map(([, steps = '']) => steps)

test('the action fits the schema of actions', () => {
  expect(validateAction(action).errors).toEqual([])
})

test.for([...own, ...examples])('%s fits the schema of workflows', (name) => {
  expect(validateWorkflow(text(name)).errors).toEqual([])
})

test('so do the steps that the README shows', () => {
  expect(shownSteps).toHaveLength(1)
  const steps = shownSteps.map((one) => one.replaceAll(/^(?=.)/gm, '      ')).join('')
  const whole = `on: push\njobs:\n  conformance:\n    runs-on: ubuntu-latest\n    steps:\n${steps}`
  expect(validateWorkflow(whole).errors).toEqual([])
})

test('what does not fit is found', () => {
  expect(validateWorkflow(text('nightly.yml').replace('runs-on:', 'runs-at:')).errors).not.toEqual([])
  expect(validateAction(action.replace('using:', 'use:')).errors).not.toEqual([])
})

test('the workflows, and the README, give the action inputs that it has', () => {
  const inputs = new Set([...action.matchAll(/^ {2}([a-z-]+):$/gm)].map(([, name]) => name))
  const used = [text('nightly.yml'), ...shownSteps].map((one) =>
    [...one.matchAll(/uses: OWNER\/messages-conformance[^\n]*\n\s+with:\n((?:\s+[a-z-]+: [^\n]*\n)+)/g)].flatMap(
      ([, block = '']) => [...block.matchAll(/^\s+([a-z-]+):/gm)].map(([, name]) => name),
    ),
  )
  for (const names of used) {
    expect(names.length).toBeGreaterThan(2)
    expect(names.filter((name) => !inputs.has(name))).toEqual([])
  }
})

describe.for(fleets)('%s', (name) => {
  const example = text(name)
  /** The commands that it runs: a line, or the words of a list. */
  const lines = [
    ...example.replaceAll(/\n\s+- (?=\S+$)/gm, ' ').matchAll(/messages-conformance@(\S+) (.*?)(?: \|\| .*)?$/gm),
  ]
  const typedIn = (command: string) => {
    const [, , words = ''] = lines.find(([, , line = '']) => line.startsWith(`${command} `)) ?? []
    const [, ...rest] = words.split(' ').map((word) => word.replaceAll('"', ''))
    return parseOptions(rest, commandNamed(command).options, command)
  }
  const number = (pattern: RegExp): number => Number(pattern.exec(example)?.[1])

  test('runs this version, by options that there are', () => {
    expect(lines.map(([, version]) => version)).toEqual([packageJson.version, packageJson.version])
    expect(typedIn('check').values).toMatchObject({ target: expect.stringMatching(/fleet\.json$/), shard: 'auto' })
    expect(typedIn('merge').values).toMatchObject({ out: expect.any(String), history: expect.any(String) })
  })

  test('asks the engine which of how many a job is, and merges as many', () => {
    const jobs = {
      'fleet.yml': [1, 2, 3, 4].every((shard) => example.includes(`fleet-${shard}`)) ? 4 : 0,
      'gitlab-fleet.yml': number(/^ {2}parallel: (\d+)$/m),
      'kubernetes.yml': number(/^ {2}completions: (\d+)$/m),
    }[name]
    expect(typedIn('merge').words).toHaveLength(4)
    expect(new Set(typedIn('merge').words).size).toBe(jobs)
    const engine =
      {
        'fleet.yml': 'STRATEGY_JOB_INDEX',
        'gitlab-fleet.yml': 'CI_NODE_INDEX',
        'kubernetes.yml': 'JOB_COMPLETION_INDEX',
      }[name] ?? ''
    expect(example).toContain(engine)
    const of =
      {
        STRATEGY_JOB_INDEX: 'STRATEGY_JOB_TOTAL',
        CI_NODE_INDEX: 'CI_NODE_TOTAL',
        JOB_COMPLETION_INDEX: 'JOB_COMPLETIONS',
      }[engine] ?? ''
    expect(shardMeant('auto', { [engine]: '2', [of]: '4' })).not.toBeNull()
    // GitLab sets both by itself.
    if (name !== 'gitlab-fleet.yml') expect(example).toContain(of)
  })

  test('leaves the verdict to the merging job, and nothing else', () => {
    expect(example.match(/ check .* \|\| \[ \$\? -le 2 \]$/gm)).toHaveLength(1)
    expect(example).not.toMatch(/ merge .*\|\|/)
  })
})

test('one version of Node is used throughout, which is not the oldest that works', () => {
  const versions = everything.flatMap((one) => [
    ...[...one.matchAll(/node-version: '([^']+)'/g)].map(([, version]) => version),
    ...[...one.matchAll(/image: node:(\S+)$/gm)].map(([, version]) => version),
  ])
  expect(versions.length).toBeGreaterThan(5)
  expect(new Set(versions)).toEqual(new Set(['24']))
})

test('one major version of each action is used throughout', () => {
  const majors = new Map<string, Set<string>>()
  for (const [, name = '', pinned, commented] of everything.flatMap((one) => [
    ...one.matchAll(/uses: (actions\/[a-z-]+)[a-z/]*@(?:v(\d+)$|[0-9a-f]{40} # v(\d+)\.\d+\.\d+$)/gm),
  ]))
    majors.set(name, (majors.get(name) ?? new Set()).add(pinned ?? commented ?? ''))
  expect(majors.size).toBeGreaterThan(3)
  expect([...majors].filter(([, versions]) => versions.size > 1)).toEqual([])
})

describe('what we run ourselves', () => {
  test.for([...own, '../../action.yml'])('%s pins its actions to a commit, and says which version that is', (name) => {
    const used = [...text(name).matchAll(/uses: (.*)$/gm)].map(([, what = '']) => what)
    expect(used.length).toBeGreaterThan(0)
    expect(used.filter((what) => !/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(what))).toEqual([])
  })

  test('a release may nothing but what each of its jobs is given', () => {
    const release = text('../../.github/workflows/release.yml')
    expect(release).toMatch(/^permissions: \{\}$/m)
    const jobs = release.split(/^ {2}(?=[a-z]+:\n {4})/m).slice(1)
    const granted = jobs
      .filter((job) => /^ {4}runs-on:/m.test(job))
      .map((job) => [
        /^\w+/.exec(job)?.[0],
        [...job.matchAll(/^ {6}([a-z-]+: (?:read|write))$/gm)].map(([, one]) => one),
      ])
    expect(granted).toEqual([
      ['pack', ['contents: read']],
      ['use', ['contents: read']],
      ['npm', ['id-token: write']],
      ['github', ['contents: write']],
    ])
  })

  test('a release uses its tarball on each Node that the package is made for', () => {
    const [, list = ''] = /node: \[(.*)\]/.exec(text('../../.github/workflows/release.yml')) ?? []
    const versions = list.split(', ').map((version) => Number(version.slice(1, -1)))
    expect(versions).toEqual([20, 22, 24, 26])
    expect(packageJson.engines.node).toBe(`>=${versions[0]}.19`)
  })

  test('a release calls scripts that there are', () => {
    const called = own.flatMap((name) =>
      [...text(name).matchAll(/npm run (?:-s )?([\w-]+)/g)].map(([, script]) => script),
    )
    expect(called).toContain('release-notes')
    expect(Object.keys(packageJson.scripts)).toEqual(expect.arrayContaining(called))
  })
})
