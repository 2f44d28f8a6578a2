#!/usr/bin/env node
import module from 'node:module'

// From Node 22.1 on, what was compiled once is kept among the system's temporary files; where none can be written, nothing is kept.
// It counts for what is loaded from here on only.
if ('enableCompileCache' in module && typeof module.enableCompileCache === 'function') module.enableCompileCache()

import('./process.ts')
  .then(({ runProcess }) => runProcess())
  .catch((error: unknown) => {
    // A part of the installation is not there, and 1 would accuse a gateway.
    process.stderr.write(`messages-conformance is not whole, install it again: ${String(error).split('\n')[0]}\n`)
    process.exitCode = 2
  })
