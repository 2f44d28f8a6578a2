import { inTurn, node } from './programs.ts'
import { ms, type Row } from './table.ts'

/** From start to exit: the commands that send nothing, and a check of the built-in reference, beside Node doing nothing. */
export async function startUps(main: string): Promise<readonly Row[]> {
  const commands = ['--help', 'list', 'explain streaming/ends', 'plan']
  const took = await inTurn(15, {
    node: async () => (await node(['-e', '0'])).milliseconds,
    ...Object.fromEntries(
      commands.map((line) => [line, async () => (await node([main, ...line.split(' ')])).milliseconds]),
    ),
    check: async () => (await node([main, 'check'])).milliseconds,
  } as Record<string, () => Promise<number>>)
  const bare = took['node'] ?? Number.NaN
  const beside = (what: string, milliseconds = Number.NaN): Row => ({
    what: `${what}, start to exit`,
    ours: ms(milliseconds),
    compared: `node -e 0: ${ms(bare)}`,
    ratio: milliseconds / bare,
  })
  return [...commands.map((line) => beside(line, took[line])), beside('check of the built-in reference', took['check'])]
}
