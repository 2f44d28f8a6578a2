import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { runScript } from './checkout.ts'
import { refresh } from './generate/refresh.ts'
import { stages } from './generate/stages.ts'
import { begin } from './new/begin.ts'
import { help, wantedOf } from './new/wanted.ts'

/* npm run new -- area/what-holds ...: begins a requirement and all that its kind needs. The self tests are red until it is filled in. */

const root = fileURLToPath(new URL('..', import.meta.url))

await runScript(async () => {
  const wanted = wantedOf(process.argv.slice(2))
  if (!wanted) {
    process.stdout.write(help)
    return 0
  }
  for (const { path, text, about } of begin(wanted, root)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
    process.stdout.write(`${path}: ${about.join('; ')}\n`)
  }
  // The names of what is new are types, which the requirement is written by.
  for await (const file of refresh(stages().slice(0, 1), pathToFileURL(root), false)) process.stdout.write(`${file}\n`)
  process.stdout.write('\nFill in each TODO, then: npm run format && npm run generate && npm test\n')
  return 0
})
