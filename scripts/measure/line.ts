import { faults } from '../../fixtures/gateways/faults/faults.ts'
import { variants } from '../../fixtures/gateways/variants.ts'
import { calls } from './calls.ts'
import { isSeenByClients } from './gateways.ts'
import { measure } from './measure.ts'
import { lines, makeCall, type Line } from './typescript.ts'

/*
 * Measures one line of the TypeScript SDK on the faults, or on faults and variants, in a process of its own so that two are measured at
 * once: a gateway a line of JSON.
 */

const [, , name = '', control] = process.argv
const line = (Object.keys(lines) as Line[]).find((known) => known === name)
if (line === undefined) throw new Error(`There is no line ${name} of the TypeScript SDK.`)
// Of a stream that was left, what happens to it afterwards is told to nobody.
process.on('unhandledRejection', () => {})
const gateways = [...faults.filter(isSeenByClients), ...(control === 'control' ? variants : [])]
for await (const measured of measure((call, gateway) => makeCall(line, call, gateway), calls(), gateways))
  process.stdout.write(`${JSON.stringify(measured)}\n`)
// What hangs, hangs on: nothing else ends it.
process.stdout.write('', () => process.exit(0))
