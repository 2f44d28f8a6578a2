import type { Mutation } from './mutation.ts'
import { ofCompare } from './of/compare.ts'
import { ofGather } from './of/gather.ts'
import { ofJudge } from './of/judge.ts'
import { ofRun } from './of/run.ts'
import { ofTape } from './of/tape.ts'
import { ofViews } from './of/views.ts'
import { ofWire } from './of/wire.ts'

/** Every mutation, in the order in which an exchange meets the rooms of the engine. */
export const mutations: readonly Mutation[] = [
  ...ofWire,
  ...ofTape,
  ...ofViews,
  ...ofJudge,
  ...ofGather,
  ...ofCompare,
  ...ofRun,
]
