import type { Alteration } from '../../mutants/mutation.ts'
import { ofSecrets } from './secrets.ts'
import { ofWords } from './words.ts'

/** Every mend that the fuzzer stands guard over, undone: where words that others choose are looked up, and where secrets are kept. */
export const mends: readonly Alteration[] = [...ofWords, ...ofSecrets]
