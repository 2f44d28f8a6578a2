import { requirement } from '../harness/requirement.ts'
import { docs, pythonSdk } from '../sources.ts'

/* Thinking blocks, wherever they come. */

export const shape = requirement('thinking/shape', {
  level: 'must',
  profile: 'sdk',
  title: 'a thinking block has thinking and signature, a redacted_thinking block has data',
  because: 'The block must be sent back as it came; without its signature the next turn is refused.',
  breaks: ['typescript-sdk', 'python-sdk', 'claude-code'],
  source: docs('build-with-claude/extended-thinking', 'thinking blocks include a signature field'),
  capability: 'thinking',
  vouches: 'message',
})

export const blockStartShape = requirement('thinking/block-start-shape', {
  level: 'must',
  profile: 'sdk',
  title: 'the content_block_start of a thinking block has thinking as a string',
  because: 'One SDK raises, the other makes "undefined" the first word of the thought.',
  breaks: ['typescript-sdk', 'python-sdk'],
  source: pythonSdk('src/anthropic/lib/streaming/_messages.py', 'content.thinking += event.delta.thinking'),
  capability: 'thinking',
  vouches: 'stream',
})
