import { style as ofReport } from '../html-style.ts'

/** The style sheet of index.html: that of report.html, and what a matrix needs besides. */
export const style = `${ofReport}
.share { margin: .6rem 0 .2rem }
.verdict { margin: .5rem 0 } .flow { display: flex; flex-wrap: wrap; gap: 0 3rem } .flow section { min-width: 0 }
table.fleet td, table.fleet th { padding: .28rem .9rem .28rem 0 } table.fleet td { line-height: 1.35 }
table.cells { width: auto }
table.cells th, table.cells td { padding: .14rem .3rem; text-align: center }
table.cells thead th { font: 12px/1.3 ui-monospace, SFMono-Regular, Menlo, monospace; vertical-align: bottom; padding-bottom: .5rem }
table.cells thead th > span { writing-mode: sideways-lr; white-space: nowrap }
@supports not (writing-mode: sideways-lr) { table.cells thead th > span { writing-mode: vertical-rl; transform: rotate(180deg) } }
table.cells th:first-child, table.cells td:first-child { position: sticky; left: 0; background: var(--ground); text-align: left; max-width: 16rem; overflow-wrap: anywhere; z-index: 1 }
table.cells td { min-width: 1.9rem; font-weight: 600; font-variant-numeric: tabular-nums }
table.cells td a { display: block; text-decoration: none; color: inherit }
table.cells td.bad { background: var(--mark) }
table.cells td.soft { font-weight: 400 }
.sign { font-weight: 700 }
.new { display: inline-block; padding: 0 .35rem; border: 1px solid var(--bad); border-radius: 3px; color: var(--bad); font-size: .8rem }
.strip { display: inline-flex; gap: 2px; vertical-align: middle }
.strip i { width: 9px; height: 16px; border-radius: 2px; border: 1px solid var(--line) }
.strip .holds { background: var(--good); border-color: var(--good); height: 8px; align-self: flex-end }
.strip .broken { background: var(--bad); border-color: var(--bad) }
.spark { vertical-align: middle; overflow: visible } .spark polyline { fill: none; stroke: var(--accent); stroke-width: 1.5 } .spark circle { fill: var(--accent) }
div.trend { margin: 1rem 0 } div.trend table { width: auto; margin-top: .2rem } div.trend td { vertical-align: middle; padding-right: 1.2rem } div.trend p { margin: .2rem 0 }
.sparks { display: flex; flex-wrap: wrap; gap: .4rem 2rem; margin: .3rem 0 }
@media (max-width: 40rem) {
  table.cells th:first-child, table.cells td:first-child { max-width: 9rem; font-size: .85rem }
  table.fleet.stack tr { display: flex; flex-wrap: wrap; gap: .1rem .8rem; padding: .5rem 0 } table.fleet td:first-child { flex: 1 1 auto }
  table.fleet td:nth-child(4) { flex-basis: 100%; order: 1 } table.fleet td:nth-child(3), table.fleet td:nth-child(5) { order: 2 } table.fleet td:empty { display: none }
}
`
