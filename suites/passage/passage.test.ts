import { suite } from '../vitest/suite.ts'

suite('passage')
