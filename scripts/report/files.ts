/** The files that a report is rendered into, in the order they are written: report.json last, since its `complete` vouches for the others. */
export const renderedFiles = ['report.html', 'junit.xml', 'summary.md', 'badge.json', 'report.json'] as const

export type RenderedFile = (typeof renderedFiles)[number]

/** What --out writes: the tape while a run goes on, the renderings at its end. By name only, since --help must not load them. */
export const outFiles = ['tape.jsonl', ...renderedFiles] as const

/** What --out of the command client writes, client.json last, and the folder beside them. */
export const clientFiles = ['junit.xml', 'client.json'] as const
export const runsFolder = 'client-runs'

/** What --out of several targets writes beside their folders, matrix.json last. */
export const matrixFiles = ['index.html', 'summary.md', 'badge.json', 'matrix.json'] as const

export type MatrixFile = (typeof matrixFiles)[number]

/** The file of a folder of --history. */
export const historyFile = 'history.jsonl'

/** The folder of a public matrix with a badge for each target. */
export const badgesFolder = 'badges'
