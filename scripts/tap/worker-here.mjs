import { register } from 'tsx/esm/api'

/* The judging thread in the checkout: Node 20 reads TypeScript in a thread only where the thread itself asks for it. */

register()
await import('./worker.ts')
