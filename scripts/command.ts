import { InputError } from '../suites/harness/wire/input-error.ts'
import { commandNamed, commands, type CommandFacts, type CommandHelp } from './command-table.ts'
import type { GuardedIo } from './guarded.ts'
import type { PrintingIo } from './io.ts'
import { helpLines, languageOf, parseOptions, type OptionName, type Typed } from './options.ts'
import { printable } from './report/printable.ts'
import type { Language } from './report/words/languages.ts'
import { tool } from './tool.ts'

/** What --help says besides the options themselves. */
interface Help {
  readonly usage: string
  readonly more: string
  readonly colon: string
  readonly of: (command: CommandFacts) => CommandHelp
  /** What options say of every command, where it is not what options.ts says. */
  readonly options: { readonly [name in OptionName]?: string }
}

const english: Help = {
  usage: 'messages-conformance <command> [options]',
  more: `Each command explains itself: messages-conformance check --help
--version says which version this is.
Exit codes: 0 proven, 1 proven broken, 2 not proven.
`,
  colon: ': ',
  of: (command) => command,
  options: {},
}

async function helpIn(language: Language): Promise<Help> {
  if (language === 'en') return english
  const { commandsInChinese, optionsInChinese, overview } = await import('./help-zh.ts')
  return { ...overview, colon: '：', of: ({ name }) => commandsInChinese[name], options: optionsInChinese }
}

async function overviewIn(language: Language): Promise<string> {
  const { usage, more, of } = await helpIn(language)
  return `${usage}\n\n${commands.map((command) => `  ${command.name.padEnd(9)}${of(command).about}\n`).join('')}\n${more}`
}

async function helpOf(command: CommandFacts, language: Language): Promise<string> {
  const { colon, of, options } = await helpIn(language)
  const { about, usage, help } = of(command)
  return `${command.name}${colon}${about}\n${usage}\n${helpLines(command.options, { ...options, ...help }).join('\n')}\n`
}

/**
 * Runs what was typed. Returns the exit code. The one place that catches what escapes a command: bad input, a mistake of ours, and
 * an output that was closed are one sentence on stderr, and 2, since 1 accuses a gateway. Never throws.
 */
export async function runCommand(argv: readonly string[], bare: PrintingIo): Promise<number> {
  const code = await attempted(argv, bare)
  const lost = await bare.flush()
  if (lost === null) return code
  bare.err(mistake(lost))
  return 2
}

async function attempted(argv: readonly string[], bare: PrintingIo): Promise<number> {
  let guard: GuardedIo | null = null
  try {
    const meant = await meantBy(argv)
    if (typeof meant === 'string') {
      bare.print(meant)
      return 0
    }
    const { command, typed } = meant
    if (!command.meetsKeys) return await (await command.load()).run(typed, bare)
    guard = (await import('./guarded.ts')).guarded(bare)
    return await (await command.load()).run(typed, guard)
  } catch (error) {
    const { guarded, withholdTyped } = await import('./guarded.ts')
    const io = guard ?? guarded(bare)
    withholdTyped(argv, io)
    io.err(mistake(error))
    return 2
  }
}

/** What was thrown, as one line for a person. */
export function mistake(error: unknown): string {
  if (error instanceof InputError) return `${printable(error.message)}\n`
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const line = printable(said).replaceAll(/\s+/g, ' ').slice(0, 300)
  return `messages-conformance made a mistake of its own, and nothing was judged by it: ${line}\n`
}

/** A text of our own that was asked for, or what is to be run. Throws an InputError for words that mean neither. */
async function meantBy(argv: readonly string[]): Promise<string | { command: CommandFacts; typed: Typed }> {
  const [first, ...rest] = argv
  const isHelp = first === '--help' || first === '-h' || (first === 'help' && !/^[^-]/.test(rest[0] ?? ''))
  if (isHelp) return overviewIn(languageAmong(rest))
  if (first === '--version' || first === '-V') return version
  if (first === 'help') return helpOf(commandNamed(rest[0] ?? ''), languageAmong(rest))
  const named = first !== undefined && !first.startsWith('-')
  const command = commandNamed(named ? first : 'check')
  const words = named ? rest : argv
  // Help speaks every language, also that of a command which does not.
  const typed = parseOptions(
    words,
    asksForHelp(words) && !command.options.includes('lang') ? [...command.options, 'lang' as const] : command.options,
    command.name,
  )
  if (typed.flags.has('help')) return helpOf(command, languageOf(typed))
  if (typed.flags.has('version')) return version
  if (typed.words.length > 0 && !command.words)
    throw new InputError(`${command.name} takes options only. See: ${command.name} --help`)
  return { command, typed }
}

function asksForHelp(words: readonly string[]): boolean {
  return words.includes('--help') || words.includes('-h')
}

/** The language that is asked for among words of which nothing else matters. */
function languageAmong(words: readonly string[]): Language {
  const at = words.findIndex((word) => /^--lang(=|$)/.test(word))
  if (at < 0) return 'en'
  return languageOf(parseOptions(words.slice(at, words[at] === '--lang' ? at + 2 : at + 1), ['lang'], 'help'))
}

const version = `${tool.name} ${tool.version}\n`
