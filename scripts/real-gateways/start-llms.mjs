import { createRequire } from 'node:module'
import { join } from 'node:path'

/* Starts @musistudio/llms, which is a library, from the folder it is installed in: node start-llms.mjs PORT UPSTREAM KEY DIALECT */

const [port, upstream, key, dialect] = process.argv.slice(2)
const spoken = {
  messages: { path: '/v1/messages', transformer: 'Anthropic' },
  'chat-completions': { path: '/v1/chat/completions', transformer: 'OpenAI' },
}[dialect]

const { default: Server } = createRequire(join(process.cwd(), 'package.json'))('@musistudio/llms')
const server = new Server({
  useJsonFile: false,
  useEnvFile: false,
  logger: false,
  initialConfig: {
    HOST: '127.0.0.1',
    PORT: port,
    providers: [
      {
        name: 'upstream',
        api_base_url: `${upstream}${spoken.path}`,
        api_key: key,
        models: ['claude-sonnet-4-5'],
        transformer: { use: [spoken.transformer] },
      },
    ],
  },
})
await server.start()
