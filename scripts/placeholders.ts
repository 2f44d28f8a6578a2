import { upstreamKey } from '../fixtures/gateways/reference/identity.ts'
import type { TargetEntry, TargetFile } from '../schemas/types.ts'
import { InputError } from '../suites/harness/wire/input-error.ts'
import { quotable } from '../suites/harness/wire/credential-like.ts'
import { inStrings } from '../suites/harness/wire/json.ts'
import { freePort } from './free-port.ts'

/**
 * A target file with its ports chosen: `{port}`, `{upstream}` and `{upstreamKey}` in what starts a gateway, in its
 * Base URL and in the headers it is sent, are what they stand for in this run. Throws an InputError where one of them stands for nothing.
 */
export async function placed(file: TargetFile): Promise<TargetFile> {
  const targets: TargetEntry[] = []
  for (const entry of file.targets) targets.push(await placedEntry(entry))
  return { ...file, targets }
}

async function placedEntry(entry: TargetEntry): Promise<TargetEntry> {
  const { start, baseUrl, headers, name } = entry
  const upstream = await placedUpstream(entry.upstream)
  const at = typeof upstream === 'object' ? (upstream.url ?? `http://127.0.0.1:${upstream.port}`) : null
  const known = new Map([
    ['port', start ? String(await freePort()) : null],
    ['upstream', at?.replace(/\/$/, '') ?? null],
    ['upstreamKey', at === null ? null : upstreamKey],
  ])
  const fill = (text: string): string =>
    text.replaceAll(/\{(port|upstream|upstreamKey)\}/g, (whole, word: string) => {
      const value = known.get(word)
      if (value === null || value === undefined) throw meaningless(whole, word === 'port' ? 'start' : 'upstream', name)
      return value
    })
  return {
    ...entry,
    baseUrl: fill(baseUrl),
    ...(headers && { headers: inStrings(headers, fill) as typeof headers }),
    ...(start && { start: inStrings(start, fill) as typeof start }),
    ...(upstream && { upstream }),
  }
}

/** An upstream that is to listen on any port is given one. */
async function placedUpstream(upstream: TargetEntry['upstream']): Promise<TargetEntry['upstream']> {
  if (typeof upstream !== 'object' || upstream.url !== undefined) return upstream
  return { ...upstream, port: upstream.port || (await freePort()) }
}

function meaningless(placeholder: string, missing: 'start' | 'upstream', name: string): InputError {
  const remedy =
    missing === 'start' ? 'say how the gateway is started' : 'name the upstream that is to be served, with its port'
  return new InputError(
    `Target ${quotable(name)}: ${placeholder} stands for nothing without "${missing}"; ${remedy}, or write it out.`,
  )
}
