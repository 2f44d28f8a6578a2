import { requirement } from '../harness/requirement.ts'
import { docs } from '../sources.ts'

/* One tool call. */

export const offered = requirement('tools/offered', {
  level: 'must',
  profile: 'sdk',
  title: 'a request with a tool is served, and the call arrives, in JSON and in the stream',
  because: 'A tool that is never called ends an agent before it began.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: docs(
    'agents-and-tools/tool-use/overview',
    "Claude decides when to call a tool based on the user's request and the tool's description.",
  ),
  gates: 'tools',
  probe: ['tools/single', 'tools/single:stream'],
})

export const shape = requirement('tools/shape', {
  level: 'must',
  profile: 'sdk',
  title: 'a tool_use block has id, name and an input that is an object',
  because: 'Arguments that arrive as a string, or not at all, break the code that runs the tool.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: docs(
    'agents-and-tools/tool-use/handle-tool-calls',
    "input: An object containing the input being passed to the tool, conforming to the tool's input_schema.",
  ),
  capability: 'tools',
  vouches: 'message',
})

export const blockStartShape = requirement('tools/block-start-shape', {
  level: 'must',
  profile: 'sdk',
  title: 'the content_block_start of a tool_use has id, name and an input object',
  because: 'No delta brings the id or the name later.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: docs('build-with-claude/streaming#input-json-delta'),
  capability: 'tools',
  vouches: 'stream',
  least: 'tools/single:stream',
})

export const inputJson = requirement('tools/input-json', {
  level: 'must',
  profile: 'sdk',
  title: 'the partial_json of a tool call joins to one JSON object',
  because: 'One SDK raises at the end of the block, the other keeps the first document of two.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: docs(
    'build-with-claude/streaming#input-json-delta',
    'you can accumulate the string deltas and parse the JSON once you receive a content_block_stop event',
  ),
  capability: 'tools',
  vouches: 'message',
  least: 'tools/single:stream',
})
