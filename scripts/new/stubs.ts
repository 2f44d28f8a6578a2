import type { Mode } from '../../schemas/types.ts'
import type { Views } from '../../suites/harness/views/views.ts'

/* What is written for somebody to fill in: each TODO says with what, and a test is red until none is left. */

export type View = keyof Views

/** What a requirement is judged on. */
export type Subject =
  | { readonly every: View }
  | { readonly reads: readonly string[]; readonly as: View }
  | { readonly gates: string; readonly probe: readonly string[] }

export function requirementStub(id: string, constant: string, subject: Subject): string {
  return `export const ${constant} = requirement('${id}', {
  level: 'should',
  profile: 'full',
  title: 'TODO: one sentence that is true of a gateway which keeps the promise',
  because: 'TODO: what goes wrong where it is not kept',
  breaks: [],
  source: {
    kind: 'opinion',
    opinion: 'TODO: or docs(PAGE, SENTENCE), typescriptSdk(FILE, CODE), measured(...); a must needs one of those',
  },
${judgedOn(subject)}})
`
}

function judgedOn(subject: Subject): string {
  if ('gates' in subject) return `  gates: '${subject.gates}',\n  probe: [${quoted(subject.probe)}],\n`
  const finding = "at: 'TODO: the exact place', expected: 'TODO', actual: 'TODO'"
  if ('every' in subject) {
    const { every } = subject
    const capability = capabilityOf[every] === undefined ? '' : `  capability: '${capabilityOf[every]}',\n`
    return `${capability}  every: '${every}',
  *check(${every}) {
    if (${every} === null) yield { ${finding} }
  },
`
  }
  const { reads, as } = subject
  const all = reads.map((name) => `'${name}': '${as}'`).join(', ')
  if (as === 'answer') return `  reads: { ${all} },\n  *check(_, exchanges) {\n    yield* unserved(exchanges)\n  },\n`
  return `  reads: { ${all} },
  *check(read) {
    yield* each(read, function* (${as}) {
      if (${as} === null) yield { ${finding} }
    })
  },
`
}

/** The capability of views that no other capability shows. */
const capabilityOf: { readonly [V in View]?: string } = { count: 'count-tokens', models: 'models', model: 'models' }

/** How a fault comes at what a view shows: the function of alter.ts, and what it is called with. */
export const alterations: Readonly<Record<View, { readonly name: string; readonly of: string }>> = {
  answer: { name: 'alter', of: '(answer) => answer' },
  text: { name: 'alterWire', of: '{}' },
  json: { name: 'alterJson', of: '(message) => message' },
  error: { name: 'alterBody', of: '({ status }) => status >= 400, (body) => body' },
  stream: { name: 'alterEvents', of: '(events) => events' },
  events: { name: 'alterEvents', of: '(events) => events' },
  message: { name: 'alterMessage', of: '(message) => message' },
  count: { name: 'alterBody', of: "(_, { path }) => path.endsWith('/count_tokens'), (body) => body" },
  models: { name: 'alterBody', of: "(_, { path }) => path.endsWith('/v1/models'), (body) => body" },
  model: { name: 'alterBody', of: "(_, { path }) => path.includes('/v1/models/'), (body) => body" },
  passage: { name: 'alterRequest', of: '(body) => body' },
}

/** A fault that is to break what a view shows. */
export function faultStub(id: string, view: View): string {
  return `  fault('${id}', {
    about: 'TODO: what it does wrong, in one sentence',
    breaks: ['${id}'],
    at: 'TODO: the place, or how it begins',
    // TODO: change what breaks ${id}, and nothing else.
    over: ${alterations[view].name}(${alterations[view].of}),
  }),
`
}

/** A fault that fails where a request is served by right. */
export function failureStub(id: string): string {
  return `  fault('${id}-fails', {
    about: 'TODO: fails with 500 on what',
    breaks: ['${id}'],
    at: 'status',
    over: failing(mentions('TODO: a piece of the body that only this request has')),
  }),
`
}

/** A gateway that does without a capability, and says so. */
export function variantStub(capability: string): string {
  return `  {
    id: 'no-${capability}',
    about: 'declines TODO with 400',
    over: declining(mentions('TODO: a piece of the body that every request for ${capability} has')),
  },
`
}

/** A request, of a capability where it is the probe of one. */
export function fixtureStub(capability: string | null, mode: Mode): string {
  const fixture = {
    $schema: '../../../schemas/fixture.schema.json',
    about: 'TODO: what is asked, in one sentence.',
    modes: capability === null ? [mode] : ['json', 'stream'],
    ...(capability !== null && { needs: [capability] }),
    body: { model: '{{model}}', max_tokens: 128, messages: [{ role: 'user', content: 'TODO: what is asked.' }] },
  }
  return `${JSON.stringify(fixture, null, 2)}\n`
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `'${name}'`).join(', ')
}
