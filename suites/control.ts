import { opinion } from './sources.ts'

/**
 * What a control says of itself. It is the same request as the canary that comes after it, with the one thing under test taken away;
 * where it is not met, the canary proves nothing.
 */
export const control = {
  level: 'may',
  because:
    'It is a control: a model that cannot do this proves nothing by missing the same word where it is out of sight.',
  breaks: [],
  source: opinion('Whether a model follows an instruction is the affair of the model.'),
} as const
