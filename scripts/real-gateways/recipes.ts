import { fileURLToPath } from 'node:url'
import type { Dialect, TargetEntry } from '../../schemas/types.ts'

/** How a gateway that others wrote is had from npm, and how it is started with an upstream of ours behind it. */
export interface Recipe {
  readonly gateway: string
  readonly package: string
  readonly version: string
  /** Packages that it asks for by a range, held at one version. */
  readonly pins: Readonly<Record<string, string>>
  /** What a target says of it, by the protocol it speaks to its upstream: those that it serves Messages over. */
  readonly over: { readonly [dialect in Dialect]?: Served }
}

type Served = Omit<TargetEntry, 'name' | 'upstream' | 'profile'>

/** The variable that holds the key of the upstream, for gateways that pass their client's on. */
export const upstreamKeyVariable = 'REAL_GATEWAYS_UPSTREAM_KEY'

/** It runs in the folder of the target, where the gateway is installed. */
const startLlms = fileURLToPath(new URL('start-llms.mjs', import.meta.url))

function llmsOver(dialect: Dialect): Served {
  return {
    baseUrl: 'http://127.0.0.1:{port}',
    // It asks its client for no key.
    auth: 'none',
    // The first part names the provider of its configuration.
    model: 'upstream,claude-sonnet-4-5',
    start: { command: [process.execPath, startLlms, '{port}', '{upstream}', '{upstreamKey}', dialect] },
  }
}

export const recipes: readonly Recipe[] = [
  {
    gateway: 'Portkey',
    package: '@portkey-ai/gateway',
    version: '1.15.2',
    // It adds headers to a Response that it made from the headers of a fetch. From 1.14.2 on this package hands out those very headers,
    // which are immutable, so that each stream ends as a 500 ("TypeError: immutable") over a 200 of the upstream.
    pins: { '@hono/node-server': '1.14.1' },
    over: {
      // Over Chat Completions it answers "messages is not supported by openai".
      messages: {
        baseUrl: 'http://127.0.0.1:{port}',
        model: 'claude-sonnet-4-5',
        key: { env: upstreamKeyVariable },
        headers: { 'x-portkey-provider': 'anthropic', 'x-portkey-custom-host': '{upstream}/v1' },
        start: {
          command: [
            process.execPath,
            'node_modules/@portkey-ai/gateway/build/start-server.js',
            '--port={port}',
            '--headless',
          ],
        },
      },
    },
  },
  {
    gateway: 'llms',
    package: '@musistudio/llms',
    version: '1.0.53',
    pins: {},
    over: { messages: llmsOver('messages'), 'chat-completions': llmsOver('chat-completions') },
  },
]
