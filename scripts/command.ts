import { InputError } from '../suites/harness/wire/input-error.ts'
import { credentialsAmong } from '../suites/harness/wire/credential-like.ts'
import { commandNamed, commands, type CommandFacts } from './command-table.ts'
import { guarded, type GuardedIo } from './guarded.ts'
import type { Io } from './io.ts'
import { commandsInChinese, optionsInChinese, overview } from './help-zh.ts'
import { helpLines, languageOf, parseOptions } from './options.ts'
import { printable } from './report/printable.ts'
import type { Language } from './report/words/languages.ts'
import { tool } from './tool.ts'

const english = {
  usage: 'messages-conformance <command> [options]',
  more: `Each command explains itself: messages-conformance check --help
--version says which version this is.
Exit codes: 0 proven, 1 proven broken, 2 not proven.
`,
}

function help(language: Language): string {
  const { usage, more } = language === 'zh' ? overview : english
  return `${usage}\n\n${commands.map((command) => `  ${command.name.padEnd(9)}${saidOf(command, language).about}\n`).join('')}\n${more}`
}

/** What a command says of itself. */
function saidOf(command: CommandFacts, language: Language): Pick<CommandFacts, 'about' | 'usage' | 'help'> {
  return language === 'zh' ? commandsInChinese[command.name] : command
}

/**
 * Runs what was typed. Returns the exit code. The one place that catches what escapes a command: bad input, a mistake of ours, and
 * an output that was closed are one sentence on stderr, and 2, since 1 accuses a gateway. Never throws.
 */
export async function runCommand(argv: readonly string[], bare: Io): Promise<number> {
  const io = guarded(bare)
  const code = await attempted(argv, io)
  const lost = await io.flush()
  if (lost === null) return code
  io.err(mistake(lost))
  return 2
}

async function attempted(argv: readonly string[], io: GuardedIo): Promise<number> {
  try {
    return await dispatch(argv, io)
  } catch (error) {
    withholdTyped(argv, io)
    io.err(mistake(error))
    return 2
  }
}

/** A sentence may say what was typed, such as the name of a file: a key in its place is not to be printed. */
function withholdTyped(argv: readonly string[], io: GuardedIo): void {
  try {
    io.withhold(credentialsAmong(argv, io.environment))
  } catch {
    // An environment that cannot be read is a mistake of ours, and about to be told.
  }
}

/** What was thrown, as one line for a person. */
export function mistake(error: unknown): string {
  if (error instanceof InputError) return `${printable(error.message)}\n`
  const said = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
  const line = printable(said).replaceAll(/\s+/g, ' ').slice(0, 300)
  return `messages-conformance made a mistake of its own, and nothing was judged by it: ${line}\n`
}

async function dispatch(argv: readonly string[], io: GuardedIo): Promise<number> {
  const [first, ...rest] = argv
  const isHelp = first === '--help' || first === '-h' || (first === 'help' && !/^[^-]/.test(rest[0] ?? ''))
  if (isHelp) return said(help(languageAmong(rest)), io)
  if (first === '--version' || first === '-V') return said(version, io)
  if (first === 'help') return said(helpOf(commandNamed(rest[0] ?? ''), languageAmong(rest)), io)
  const named = first !== undefined && !first.startsWith('-')
  const command = commandNamed(named ? first : 'check')
  const words = named ? rest : argv
  // Help speaks every language, also that of a command which does not.
  const typed = parseOptions(
    words,
    asksForHelp(words) && !command.options.includes('lang') ? [...command.options, 'lang' as const] : command.options,
    command.name,
  )
  if (typed.flags.has('help')) return said(helpOf(command, languageOf(typed)), io)
  if (typed.flags.has('version')) return said(version, io)
  if (typed.words.length > 0 && !command.words)
    throw new InputError(`${command.name} takes options only. See: ${command.name} --help`)
  const { run } = await command.load()
  return run(typed, io)
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

function said(text: string, io: GuardedIo): number {
  io.out(text)
  return 0
}

function helpOf(command: CommandFacts, language: Language): string {
  const { about, usage, help: own } = saidOf(command, language)
  const instead = language === 'zh' ? { ...optionsInChinese, ...own } : own
  const colon = language === 'zh' ? '：' : ': '
  return `${command.name}${colon}${about}\n${usage}\n${helpLines(command.options, instead).join('\n')}\n`
}
