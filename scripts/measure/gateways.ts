import type { Fault } from '../../fixtures/gateways/fault.ts'

/** Whether a fault stands in front of clients: not what a relay does behind its front, nor what speaks another protocol. */
export function isSeenByClients({ breaks, translator }: Fault): boolean {
  return translator === undefined && !breaks.some((id) => id.startsWith('passage/') || id.startsWith('chat/'))
}
