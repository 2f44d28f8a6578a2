#!/usr/bin/env node
import module from 'node:module'

// From Node 22.1 on, what was compiled once is kept among the system's temporary files; where none can be written, nothing is kept.
// It counts for what is loaded from here on only.
if ('enableCompileCache' in module && typeof module.enableCompileCache === 'function') module.enableCompileCache()

void import('./process.ts').then(({ runProcess }) => runProcess())
