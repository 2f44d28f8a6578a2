import type { Matrix } from '../../../schemas/types.ts'
import { toJson } from '../../../suites/harness/wire/json.ts'
import type { MatrixFile } from '../files.ts'
import type { Words } from '../words/en.ts'
import { matrixBadge } from './badge.ts'
import { matrixHtml } from './html.ts'
import { matrixSummary } from './summary.ts'

/** What a matrix is rendered into, a file each. */
export const matrixRenderings: Readonly<Record<MatrixFile, (matrix: Matrix, words: Words) => string>> = {
  'index.html': matrixHtml,
  'summary.md': matrixSummary,
  'badge.json': (matrix) => `${toJson(matrixBadge(matrix))}\n`,
  'matrix.json': (matrix) => `${toJson(matrix, 2)}\n`,
}
