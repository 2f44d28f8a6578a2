import { pairs } from './hidden.ts'
for (const s of process.argv.slice(2).map(Number)) {
  const drawn = await pairs(500, s)
  console.log('seed', s, drawn.filter((p) => !p.untold.length).length)
  for (const p of drawn)
    if (p.untold.length) console.log('  ', p.faults.map((f) => f.id).join(' + '), p.untold.join(','))
}
