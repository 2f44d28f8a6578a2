import { suite } from '../harness/vitest/suite.ts'

suite('upstream')
