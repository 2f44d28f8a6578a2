import type { Gateway } from '../../fixtures/gateways/answer.ts'
import { errorAnswer } from '../../fixtures/gateways/alter.ts'
import { serve } from '../../fixtures/gateways/serve.ts'
import type { Asked } from './form.ts'

/** A gateway of its own for one run of a client, and what was asked of it. */
export interface Room {
  readonly baseUrl: string
  /** In the order in which they came; of very many, the first. */
  readonly asked: readonly Asked[]
  /** Nobody is answered there any more. */
  close(): void
}

export interface Rooms {
  /** Opens one under a path that begins with this name. */
  open(name: string, gateway: Gateway): Room
  close(): Promise<void>
}

/** A client that asks in circles is known by then. */
const mostAsked = 500

/** One server on loopback with a gateway for each run under a Base URL path of its own, so that runs share no state. */
export async function openRooms(): Promise<Rooms> {
  const rooms = new Map<string, { gateway: Gateway; asked: Asked[] }>()
  const server = await serve(async (request) => {
    const url = new URL(request.url)
    const [, place = '', path = ''] = /^(\/f\/.+?\/\d+)(\/.*)?$/.exec(url.pathname) ?? []
    const room = rooms.get(place)
    if (room === undefined) return errorAnswer(404, 'not_found_error', 'No run is under way at this path.')
    url.pathname = path || '/'
    const inner = new Request(url, request)
    if (room.asked.length < mostAsked) room.asked.push(await askedBy(inner.clone(), url))
    return room.gateway(inner)
  })
  let runs = 0
  return {
    open(name, gateway) {
      const place = `/f/${name}/${++runs}`
      const asked: Asked[] = []
      rooms.set(place, { gateway, asked })
      return { baseUrl: `${server.url}${place}`, asked, close: () => rooms.delete(place) }
    },
    close: () => server.close(),
  }
}

async function askedBy(request: Request, url: URL): Promise<Asked> {
  const body = await request.text()
  const { method, headers } = request
  return { method, path: url.pathname + url.search, headers: [...headers], body: body === '' ? null : body }
}
