import { readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Each module, by its path from the root, and the modules of ours that it imports; types count, since a reader follows them too. */
export type Imports = ReadonlyMap<string, readonly Import[]>

export interface Import {
  readonly to: string
  /** With the module that imports it, once that asks for it, or never: types only. */
  readonly loaded: 'at-once' | 'later' | 'never'
}

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The four folders that hold code, lowest first: each may import those before it. */
const layers = ['schemas', 'fixtures', 'suites', 'scripts'] as const

/** Reads every module there is. */
export function readImports(): Imports {
  const files = layers.flatMap((layer) =>
    readdirSync(`${root}${layer}`, { recursive: true, encoding: 'utf8' })
      .filter((name) => /(?<!\.d)\.(ts|mjs|js)$/.test(name))
      .map((name) => posix.join(layer, name.replaceAll('\\', '/'))),
  )
  return new Map(files.map((file) => [file, importsOf(file, readFileSync(`${root}${file}`, 'utf8'))]))
}

const statement =
  /(?:^|\n)(?:import|export)\s+(type\s)?[^'"`;]*?from\s+'(\.{1,2}\/[^']+)'|import\(\s*'(\.{1,2}\/[^']+)'\s*\)/g

/** What a module imports, from its text. */
export function importsOf(file: string, text: string): readonly Import[] {
  return [...text.matchAll(statement)].map(([, type, from, later]) => ({
    to: posix.join(posix.dirname(file), from ?? later ?? ''),
    loaded: type !== undefined ? 'never' : later !== undefined ? 'later' : 'at-once',
  }))
}

/** A module and all that is loaded before it runs. */
export function loadedWith(file: string, imports: Imports): ReadonlySet<string> {
  const found = new Set([file])
  // What is added while this runs is visited too.
  for (const from of found)
    for (const { to, loaded } of imports.get(from) ?? []) if (loaded === 'at-once') found.add(to)
  return found
}

/** The modules that import each other in a circle, each circle once; none, where all is well. */
export function circles(imports: Imports): readonly (readonly string[])[] {
  const found: string[][] = []
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]): void => {
    const before = path.indexOf(file)
    if (before >= 0) found.push([...path.slice(before), file])
    if (before >= 0 || done.has(file)) return
    for (const { to } of imports.get(file) ?? []) visit(to, [...path, file])
    done.add(file)
  }
  for (const file of imports.keys()) visit(file, [])
  return found
}

/** The rooms of the engine and those that each may look into. */
const rooms: Readonly<Record<string, readonly string[]>> = {
  wire: [],
  tape: ['wire', 'views'],
  views: ['wire'],
  judge: ['wire', 'tape', 'views'],
  gather: ['wire', 'tape', 'views', 'judge'],
  compare: ['wire', 'views', 'judge'],
}

/** What each folder of suites may import of suites, beside itself. */
const neighbours: Readonly<Record<string, readonly string[]>> = {
  harness: [],
  run: ['harness', 'catalogue.ts', 'facts.ts', 'ids.ts', 'quick.ts'],
  vitest: ['harness', 'run'],
  'catalogue.ts': ['*'],
  'sources.ts': ['harness'],
  'areas.ts': ['ids.ts'],
  'ids.ts': [],
  'quick.ts': [],
}
/** What an area may not import: whatever knows all of them. */
const aboveAreas: readonly string[] = [
  'areas.ts',
  'catalogue.ts',
  'facts.ts',
  'grounds.ts',
  'ids.ts',
  'quick.ts',
  'run',
  'self',
]

/** Imports that run against the rules, as `from -> to`. Tests may look further: at the whole of their layer, and at what is below. */
export function wrongWays(imports: Imports): readonly string[] {
  return [...imports].flatMap(([from, all]) =>
    all.filter((one) => !isAllowed(from, one)).map(({ to }) => `${from} -> ${to}`),
  )
}

function isAllowed(from: string, { to, loaded }: Import): boolean {
  const [layer, target] = [from, to].map((file) => layers.findIndex((name) => file.startsWith(`${name}/`)))
  if (layer === undefined || target === undefined || target > layer) return false
  if (target < layer || layers[layer] !== 'suites' || isTest(from)) return true
  const [, folder = ''] = from.split('/')
  const [, neighbour = ''] = to.split('/')
  if (folder === 'harness' && neighbour === 'harness') return isRoomAllowed(from, to)
  if (folder === neighbour) return true
  // The engine knows that requirements have ids, and none of them.
  if (neighbour === 'ids.ts' && folder === 'harness') return loaded === 'never'
  const allowed = neighbours[folder]
  return allowed ? allowed.includes('*') || allowed.includes(neighbour) : !aboveAreas.includes(neighbour)
}

function isRoomAllowed(from: string, to: string): boolean {
  const [room = '', other = ''] = [from, to].map((file) => file.split('/')[2] ?? '')
  return room === other || (rooms[room] ?? []).includes(other)
}

/** The proof looks at all of the suites. */
function isTest(file: string): boolean {
  return file.endsWith('.test.ts') || file.startsWith('suites/self/')
}
