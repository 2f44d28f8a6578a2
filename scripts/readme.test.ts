import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaultKey, defaultModel, upstreamKey } from '../fixtures/gateways/reference/identity.ts'
import packageJson from '../package.json' with { type: 'json' }
import type { TargetEntry } from '../schemas/types.ts'
import { clients } from '../suites/harness/judge/clients.ts'
import { relayProcess } from '../suites/self/relay-process.ts'
import { scratch } from '../suites/self/scratch.ts'
import { commands } from './command-table.ts'
import { typedAs } from './options.ts'
import { readTargetFile } from './target-file.ts'
import { tool } from './tool.ts'
import { typed, type Ran } from './typed.ts'

/* README.md says what is so: its commands, options, names, figures and outputs are those of this version. */

const place = (path: string): URL => new URL(`../${path}`, import.meta.url)
const readme = readFileSync(place('README.md'), 'utf8')
const blocks = [...readme.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = '']) => block)

test('the two commands of the checkout come first, and judging yours right beneath', () => {
  const [checkout = '', yours = '', byPackage = ''] = blocks
  expect(checkout.split('\n').map((line) => line.split('#')[0]?.trim())).toEqual([
    'npm ci && npm run check',
    'npm cit',
    '',
  ])
  expect(readme.indexOf('## Judge yours')).toBe(readme.indexOf('## '))
  expect(yours).toMatch(/^npm run check -- --base-url \S+ --model NAME$/m)
  expect(byPackage).toMatch(/^npx \S+\.tgz --base-url/)
  expect(byPackage).toContain(`./${tool.name}-${tool.version}.tgz`)
  expect(byPackage).toMatch(new RegExp(`^npx ${tool.name} --base-url`, 'm'))
})

test('what it types are scripts and commands that there are', () => {
  const scripts = [...readme.matchAll(/npm run (?:-s )?([a-z][\w-]*)/g)].map(([, name = '']) => name)
  expect(scripts).toEqual(expect.arrayContaining(['check', 'sources', 'judge']))
  expect(scripts.filter((name) => !Object.hasOwn(packageJson.scripts, name))).toEqual([])
})

test('each option that it names is one of a command', () => {
  const known = new Set<string>([...commands.flatMap(({ options }) => options.map(typedAs)), 'help', 'version'])
  const named = new Set([...readme.matchAll(/(?<=^|[\s`(])--([a-z][a-z-]*)(?!\w)/gm)].map(([, name = '']) => name))
  expect([...named]).toEqual(expect.arrayContaining(['any-model', 'host', 'compare-chat']))
  // Of vitest, and of the bench.
  const others = new Set(['project', 'growth'])
  expect([...named].filter((name) => !known.has(name) && !others.has(name))).toEqual([])
})

/** The entries of the target files that it shows, each read as check reads it. */
const shownTargets = (): TargetEntry[] =>
  [...readme.matchAll(/^```json\n([^]*?)^```$/gm)].flatMap(([, text = '']) => {
    if (!text.includes('"targets"')) return []
    const file = join(scratch(), 'conformance.json')
    writeFileSync(file, text)
    return readTargetFile(file).targets
  })

test('the target files that it shows are such', () => {
  expect(shownTargets().map(({ name }) => name)).toEqual(['acme', 'mine'])
})

test('a gateway that is started in front of the upstream is judged from both sides as it says, without a paid key', async () => {
  const entry = shownTargets().find(({ start }) => start !== undefined)
  expect(entry?.model).not.toBe(defaultModel)
  expect(entry?.start?.command).toEqual(expect.arrayContaining(['{port}', '{upstream}']))
  const command = [process.execPath, '-e', relayProcess, '{port}', '{upstream}', '{upstreamKey}']
  const file = join(scratch(), 'conformance.json')
  writeFileSync(file, JSON.stringify({ targets: [{ ...entry, start: { ...entry?.start, command } }] }))
  const { code, out } = await typed(['check', '--target', file], { MY_TEST_KEY: defaultKey })
  expect(out).not.toContain('✗')
  expect(out).toContain('Both sides were compared on')
  expect(code, out).toBe(0)
  expect(readme).toContain(`and its key, \`${upstreamKey}\``)
})

test('each client is explained in the words of the report', () => {
  for (const [name, about] of Object.entries(clients)) expect(readme).toContain(`| \`${name}\` | ${about} |`)
})

test('the report that it quotes is what its command prints', async () => {
  const { out } = await typed('check --fault streaming/ends-early', {}, 132)
  const shown = out.slice(out.indexOf('✗ MUST'), out.indexOf('\nNot judged'))
  expect(shown.split('\n').length).toBeGreaterThan(8)
  expect(readme).toContain(`\`\`\`\n${shown}\`\`\``)
})

test('of the script that forgets to look at its stop_reason client finds exactly that, and nothing with the line that it adds', async () => {
  const [script = '', line = ''] = [...readme.matchAll(/^```js\n([^]*?)^```$/gm)]
    .map(([, block = '']) => block)
    .filter((block) => /rivers|It stopped for/.test(block))
  const folder = scratch()
  symlinkSync(place('node_modules'), join(folder, 'node_modules'))
  const file = join(folder, 'rivers.mjs')
  const tried = async (text: string): Promise<Ran> => {
    writeFileSync(file, text)
    const gateways = 'messages,upstream,transport,variants'
    return typed(['client', '--timeout', '120', '--faults', gateways, '--', process.execPath, file])
  }
  const forgetful = await tried(script)
  expect(forgetful.code, forgetful.err).toBe(1)
  const lost = forgetful.out.split(/^(?=✗ loses something silently: )/m).slice(1)
  expect(lost.filter((block) => !block.includes('\n  its stop_reason says so: '))).toEqual([])
  const [first = ''] = lost
  const [, conclusion = ''] = /\n\n(The command loses .*)$/s.exec(forgetful.out) ?? []
  expect(conclusion).toContain(`on ${lost.length} gateways.\nThe stop_reason said so on each of them: `)
  expect(readme).toContain(`\`\`\`\n${first}\n${conclusion}\`\`\``)
  const careful = await tried(script.replace(/^(?=console)/m, line))
  expect([careful.code, careful.err]).toEqual([0, ''])
  expect(careful.out).toContain('Nothing is lost silently, and nothing hangs: ')
  expect(careful.out).not.toContain('undetectable')
})

test('the most that a run pays for is what plan says', async () => {
  const { paidRequests } = JSON.parse((await typed('plan --json')).out) as { paidRequests: number }
  const [, most = ''] = /at most (\d+) paid requests/.exec(readme) ?? []
  expect(paidRequests).toBeLessThanOrEqual(Number(most))
  expect(paidRequests).toBeGreaterThan(Number(most) - 10)
})

test('its pictures are in the checkout, small, described, and in no package', () => {
  const pictures = [...readme.matchAll(/!\[([^\]]*)\]\(([^)]+)\)/g)].map(([, about = '', path = '']) => ({
    about,
    path,
  }))
  expect(pictures).toHaveLength(1)
  for (const { about, path } of pictures) {
    expect(about).not.toBe('')
    expect(existsSync(place(path)), path).toBe(true)
    expect(readFileSync(place(path)).subarray(1, 4).toString('latin1')).toBe('PNG')
    expect(statSync(place(path)).size).toBeLessThan(200_000)
    expect(packageJson.files.filter((kept) => path.startsWith(kept))).toEqual([])
  }
})

test('each file and place in it that it links to is there', () => {
  const links = [...readme.matchAll(/(?<!!)\[[^\]]+\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)]
  expect(links.length).toBeGreaterThan(3)
  for (const [, path = '', anchor] of links) {
    expect(existsSync(place(path)), path).toBe(true)
    if (anchor === undefined) continue
    const headings = [...readFileSync(place(path), 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading)
    const anchors = headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\d -]/gu, '')
        .replaceAll(' ', '-'),
    )
    expect(anchors).toContain(anchor)
  }
})
