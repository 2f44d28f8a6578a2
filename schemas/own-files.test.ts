import { accepts, refuses } from './cases.ts'
import { answer, exchange, header, report, request, sent, target } from './examples.ts'

const tapped = {
  client: 'claude-cli/2.1',
  app: 'cli',
  sessions: 1,
  exchanges: 3,
  judged: 2,
  behind: 1,
  unseen: 0,
  broken: 1,
  breaks: [{ id: 'streaming/ends', level: 'must', exchanges: 1, first: 'tap/1' }],
  unserved: [{ kind: 'refused', status: 400, said: 'no', exchanges: 1, first: 'tap/2' }],
  did: [{ kind: 'repeated', because: 'status 400', changed: [], exchanges: 1, first: 'tap/3', after: 'tap/2' }],
}

const tried = {
  tool: header.tool,
  command: ['node', 'agent.mjs'],
  model: 'm',
  started: header.started,
  ending: 'complete',
  reference: { requests: 1, wrote: 'a' },
  tried: [
    { id: 'a/b', kind: 'fault', about: 'x', state: 'not-provoked', breaks: [] },
    {
      id: 'c',
      kind: 'variant',
      about: 'y',
      state: 'hangs',
      breaks: ['streaming/ends'],
      ran: { exit: { kind: 'time' }, requests: 1, wrote: '', said: null },
    },
  ],
  conclusion: { exitCode: 1, reasons: ['It hangs.'] },
  complete: true,
}

const record = {
  format: 1,
  ...{ tool: header.tool, target: header.target, profile: 'sdk', started: header.started },
  ...{ ending: 'complete', exitCode: 1, holds: ['usage/shape'], broken: ['streaming/ends'], firstToken: 12.5 },
}
const matrix = {
  tool: header.tool,
  rows: [
    {
      target: { kind: 'gateway', model: 'm' },
      ...{ profile: 'sdk', started: header.started, ending: 'complete', exitCode: 1, conformant: false, reached: null },
      broken: [{ id: 'streaming/ends', level: 'must', fails: true }],
      areas: [{ area: 'streaming', holds: 0, broken: 1, unjudged: 0, 'not-applicable': 0, noted: 0 }],
      ...{ capabilities: { tools: 'shown' }, clients: { 'python-sdk': { status: 'works', ids: [] } } },
      trend: {
        runs: [{ started: header.started, exitCode: 1 }],
        requirements: [{ id: 'streaming/ends', is: 'broken', since: 0, changes: 0, outcomes: ['broken'] }],
      },
    },
  ],
  missing: [{ folder: 'gone', why: 'no-folder' }],
  left: 0,
  conclusion: { exitCode: 1, kept: 0, broken: 1, notProven: 0, worse: 0 },
  complete: true,
}

accepts([
  ['several targets side by side', 'Matrix', matrix],
  ['a line of a history', 'RunRecord', record],
  ['what a client did', 'ClientReport', tried],
  [
    'a fixture',
    'Fixture',
    { about: 'x', modes: ['json', 'stream'], body: request, needs: ['tools'], apiVersion: null },
  ],
  [
    'a target file',
    'TargetFile',
    { targets: [target, { name: 'b', baseUrl: 'http://b', models: ['m'], auth: 'none' }] },
  ],
  ['the header of a tape', 'TapeLine', header],
  ['an exchange', 'TapeLine', exchange],
  ['bytes that are no text', 'TapeLine', { ...exchange, came: { ...answer, body: { base64: '/w==' } } }],
  [
    'an exchange without its bodies',
    'TapeLine',
    {
      ...exchange,
      leftOut: { asked: { stream: true }, answered: '9 characters' },
      came: { ...answer, body: { withheld: 'left-out', bytes: 9 } },
    },
  ],
  ['a report of a tap', 'Report', { ...report, tapped: [tapped] }],
  ['no answer', 'TapeLine', { ...exchange, came: { kind: 'nothing', failure: 'reset', detail: '' } }],
  ['the footer of a tape', 'TapeLine', { kind: 'footer', ending: 'lost', sent, exchanges: 1, ended: header.started }],
  ['a report', 'Report', report],
])

refuses([
  ['a matrix cut short', 'Matrix', { ...matrix, complete: undefined }, "must have required property 'complete'"],
  [
    'a reason to be missing that is none',
    'Matrix',
    { ...matrix, missing: [{ folder: 'gone', why: 'eaten' }] },
    '/missing/0/why must be equal to one of the allowed values',
  ],
  ['a record of another format', 'RunRecord', { ...record, format: 2 }, '/format must be equal to constant'],
  [
    'a client in a state that is none',
    'ClientReport',
    { ...tried, tried: [{ ...tried.tried[0], state: 'dances' }] },
    '/tried/0/state must be equal to one of the allowed values',
  ],
  [
    'an exit code that is none',
    'ClientReport',
    { ...tried, conclusion: { exitCode: 3, reasons: [] } },
    '/conclusion/exitCode must be equal to one of the allowed values',
  ],
  [
    'a way to end that is none',
    'ClientReport',
    {
      ...tried,
      tried: [{ ...tried.tried[0], ran: { exit: { kind: 'sleep' }, requests: 1, wrote: null, said: null } }],
    },
    '/tried/0/ran/exit value of tag "kind" must be in oneOf',
  ],
  [
    'a capability that is none',
    'Fixture',
    { about: 'x', needs: ['holograms'] },
    '/needs/0 must be equal to one of the allowed values',
  ],
  [
    'both model and models',
    'TargetFile',
    { targets: [{ ...target, models: ['n'] }] },
    '/targets/0/model boolean schema is false',
  ],
  [
    'a target without a key',
    'TargetFile',
    { targets: [{ ...target, key: undefined }] },
    "/targets/0 must have required property 'key'",
  ],
  ['a key in the file', 'TargetFile', { targets: [{ ...target, key: 'sk-123' }] }, '/targets/0/key must be object'],
  ['a line of another kind', 'TapeLine', { kind: 'note' }, 'value of tag "kind" must be in oneOf'],
  [
    'a header without a value',
    'TapeLine',
    { ...exchange, came: { ...answer, headers: [['a']] } },
    '/came/headers/0 must NOT have fewer than 2 items',
  ],
  [
    'a client that did what nobody does',
    'Report',
    { ...report, tapped: [{ ...tapped, did: [{ ...tapped.did[0], kind: 'danced' }] }] },
    '/tapped/0/did/0/kind must be equal to one of the allowed values',
  ],
  ['a report cut short', 'Report', { ...report, complete: undefined }, "must have required property 'complete'"],
])
