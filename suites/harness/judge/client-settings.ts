import type { ClientSetting } from '../../../schemas/types.ts'
import type { RequirementId } from '../../ids.ts'

/* The settings with which Claude Code does without a field that a gateway refuses. */

/** What Claude Code has to be able to send, or has to be told not to. */
export type Accepts = Extract<RequirementId, `clients/accepts-${string}`>

/** The setting with which Claude Code does without what is refused. */
export const settingFor: Readonly<Record<Accepts, ClientSetting>> = {
  'clients/accepts-thinking': 'MAX_THINKING_TOKENS=0',
  'clients/accepts-effort': 'CLAUDE_CODE_EFFORT_LEVEL=unset',
  'clients/accepts-caching': 'DISABLE_PROMPT_CACHING=1',
  'clients/accepts-context-management': 'CLAUDE_CODE_DISABLE_EXPERIMENTAL_BETAS=1',
}

/** What is not asked of a gateway whose users have these settings. Without thinking there is no thinking to clear from the context either. */
export function sparedBy(settings: readonly ClientSetting[]): ReadonlySet<RequirementId> {
  const spared = (Object.keys(settingFor) as Accepts[]).filter((id) => settings.includes(settingFor[id]))
  return new Set(
    settings.includes('MAX_THINKING_TOKENS=0') ? [...spared, 'clients/accepts-context-management'] : spared,
  )
}

/** The settings with which Claude Code sends none of what is refused. */
export function settingsFor(refused: readonly RequirementId[]): readonly ClientSetting[] {
  const [first, ...others] = (Object.keys(settingFor) as Accepts[]).filter((id) => refused.includes(id))
  if (first === undefined) return []
  const spared = sparedBy([settingFor[first]])
  return [settingFor[first], ...settingsFor(others.filter((id) => !spared.has(id)))]
}
