import type { Matrix } from '../../schemas/types.ts'

/**
 * A matrix for everybody: without links to the reports, which hold bodies, and without the folders that were looked through. Without
 * hosts, if asked to: no address, and no host of one in a name. What is left is verdicts, names and dates.
 */
export function published(matrix: Matrix, hideHosts: boolean): Matrix {
  const rows = matrix.rows.map(({ report: _, ...row }) => row)
  const missing = matrix.missing.map((one, index) => ({ ...one, folder: `${index + 1}` }))
  const open: Matrix = { ...matrix, rows, missing }
  if (!hideHosts) return open
  const hosts = rows.flatMap(({ target: { baseUrl } }) => (baseUrl === undefined ? [] : hostsOf(baseUrl)))
  const hidden = rows.map(({ target: { baseUrl: __, name, model, ...target }, ...row }, index) => ({
    ...row,
    target: { ...target, model: withoutAny(model, hosts), name: withoutAny(name ?? `${index + 1}`, hosts) },
  }))
  return { ...open, rows: hidden }
}

/** The host of an address, with its port and without, the longer one first. */
function hostsOf(baseUrl: string): readonly string[] {
  if (!URL.canParse(baseUrl)) return [baseUrl]
  const { host, hostname } = new URL(baseUrl)
  return [baseUrl, host, hostname]
}

/** A name that somebody chose, without these in it, in whatever capitals. */
function withoutAny(text: string, hosts: readonly string[]): string {
  const host = hosts.find((one) => text.toLowerCase().includes(one.toLowerCase()))
  if (host === undefined) return text
  const at = text.toLowerCase().indexOf(host.toLowerCase())
  return withoutAny(`${text.slice(0, at)}…${text.slice(at + host.length)}`, hosts)
}
