import { requirement } from '../harness/judge/requirement.ts'
import { each } from '../harness/views/placed.ts'
import { asked } from '../harness/views/asked.ts'
import { unserved } from '../harness/views/served.ts'
import { docs, stateless } from '../sources.ts'
import { show } from '../harness/views/finding.ts'
import type { Exchange } from '../harness/wire/exchange.ts'
import { isObject, objects } from '../harness/wire/json.ts'

/* Tools that the server runs. */

const page = 'agents-and-tools/tool-use/web-search-tool'

export const offered = requirement('tools/server-offered', {
  level: 'must',
  profile: 'full',
  title: 'a server tool is run, or refused politely',
  because: "A gateway that drops it answers from memory, and the user takes it for today's news.",
  breaks: ['claude-code'],
  source: docs(page, 'The API runs the searches and provides Claude with the results.'),
  gates: 'server-tools',
  probe: ['tools/server', 'tools/server:stream'],
})

export const paired = requirement('tools/server-results-paired', {
  level: 'should',
  profile: 'full',
  title: 'each result of a web search answers a server_tool_use of the conversation',
  because: 'Clients show sources beside the search they belong to, and send both back.',
  breaks: [],
  source: docs(page),
  capability: 'server-tools',
  least: 'tools/server',
  every: 'message',
  where: ({ content }) => content.some(({ type }) => type === 'web_search_tool_result'),
  *check({ content }, exchange) {
    const called = new Set<unknown>(idsSent(exchange))
    for (const [index, block] of content.entries()) {
      const fields: unknown = block
      if (!isObject(fields)) continue
      if (block.type === 'server_tool_use') called.add(fields['id'])
      const id = fields['tool_use_id']
      if (block.type !== 'web_search_tool_result' || called.has(id)) continue
      yield { at: `/content/${index}/tool_use_id`, expected: 'the id of a call before it', actual: show(id) }
    }
  },
})

export const notTheClients = requirement('tools/server-not-the-clients', {
  level: 'must',
  profile: 'full',
  title: 'a server tool is never handed to the client to run',
  because: 'The client has no such tool: its loop ends with an error.',
  breaks: ['claude-code'],
  source: docs(
    'agents-and-tools/tool-use/server-tools',
    "Unlike client tool_use blocks, you don't need to respond with a tool_result.",
  ),
  reads: { 'tools/server': 'message', 'tools/server:stream': 'message' },
  *check(messages) {
    yield* each(messages, function* ({ content }) {
      for (const [index, { type }] of content.entries())
        if (type === 'tool_use') yield { at: `/content/${index}/type`, expected: 'server_tool_use', actual: 'tool_use' }
    })
  },
})

export const takenBack = requirement('tools/server-taken-back', {
  level: 'must',
  profile: 'full',
  title: 'the turn of a server tool, its call and its result, is accepted when it comes back verbatim',
  because: 'A gateway that refuses its own blocks ends every conversation with a search at its second turn.',
  breaks: ['claude-code'],
  source: stateless,
  after: ['tools/server-offered'],
  reads: { 'tools/server-replay': 'answer', 'tools/server-replay:stream': 'answer' },
  *check(_, exchanges) {
    yield* unserved(exchanges)
  },
})

/** The ids of all calls that a request sends back, and of their results. */
function idsSent(exchange: Exchange): readonly string[] {
  return objects(asked(exchange).body['messages'])
    .flatMap(({ content }) => objects(content))
    .flatMap(({ id, tool_use_id }) => [id, tool_use_id])
    .filter((id) => typeof id === 'string')
}
