import type { Report } from '../../schemas/types.ts'
import { printable } from './printable.ts'

/** Workflow commands of GitHub Actions: an error for each breach that counts, a warning for the others. */
export function annotations({ verdicts, conclusion }: Report): string {
  return verdicts
    .filter(({ outcome, level }) => outcome === 'broken' && level !== 'may')
    .map(({ id, findings }) => {
      const [finding] = findings
      const kind = conclusion.failing.includes(id) ? 'error' : 'warning'
      const where = finding
        ? `${finding.fixture} at ${finding.at}: expected ${finding.expected}, got ${finding.actual}`
        : 'broken'
      return `::${kind} title=${property(id)}::${message(where)}\n`
    })
    .join('')
}

/** Escaped as the runner reads it, so that nothing a gateway said becomes a command. */
function message(text: string): string {
  return printable(text).replaceAll('%', '%25')
}

function property(text: string): string {
  return message(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
