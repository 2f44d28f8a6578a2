import { mistake, runCommand } from './command.ts'
import { ioOf } from './io.ts'

/** Runs what was typed in this process, and sets its exit code. Never throws. */
export async function runProcess(): Promise<void> {
  const io = ioOf(process)
  // What escapes even the commands, such as an error that a callback throws: no stack, and no exit code that accuses a gateway.
  process.on('uncaughtException', (error) => {
    io.err(mistake(error))
    process.exit(2)
  })
  process.exitCode = await runCommand(process.argv.slice(2), io)
}
