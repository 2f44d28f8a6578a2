/** The style sheet of report.html: light and dark, wide and narrow, screen and paper. */
export const style = `
:root { color-scheme: light dark; --ink: #1c2024; --soft: #5a6169; --line: #d5d9de; --ground: #ffffff; --raised: #f5f6f8;
  --good: #176b34; --bad: #b3182a; --warn: #8a5300; --mark: #fdecec; --accent: #0b5cad }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --soft: #a3abb4; --line: #3a4148; --ground: #15181b; --raised: #1e2226;
  --good: #6fce8d; --bad: #ff8b92; --warn: #f0b35a; --mark: #3a1d20; --accent: #7db7f5 } }
* { box-sizing: border-box }
html { scroll-padding-top: 1rem }
body { margin: 0 auto; max-width: 84rem; padding: .8rem 1rem 4rem; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif }
h1 { font-size: 1.35rem; margin: 0; overflow-wrap: anywhere }
h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem; border-bottom: 1px solid var(--line); padding-bottom: .25rem }
h3 { font-size: 1rem; margin: 0; display: inline }
a { color: var(--accent) }
code, pre, .id { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, monospace }
.id { overflow-wrap: anywhere }
pre { margin: .3rem 0; padding: .6rem .7rem; background: var(--raised); border: 1px solid var(--line); border-radius: 4px;
  white-space: pre-wrap; overflow-wrap: anywhere; max-height: 24rem; overflow: auto }
.soft { color: var(--soft) }
.verdict { margin: .8rem 0; padding: .8rem 1rem; border: 1px solid var(--line); border-left: 5px solid; border-radius: 4px; background: var(--raised); font-size: 1.1rem }
.exit-0 { border-left-color: var(--good) } .exit-1 { border-left-color: var(--bad) } .exit-2 { border-left-color: var(--warn) } .partial { border-left-color: var(--soft) }
.verdict ul { margin: .4rem 0 0; padding-left: 1.2rem; font-size: .9rem }
header p { margin: 0; float: right; text-align: right; font-size: .85rem; line-height: 1.35; padding-left: 1rem }
.counts { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1.6rem; margin: .35rem 0 0; padding: 0; font-size: .9rem } .counts b { font-size: 1.25rem; font-variant-numeric: tabular-nums }
.verdict .counts { padding: 0 }
.first th:first-child, .first td:first-child { white-space: nowrap } .first { display: grid; grid-template-columns: minmax(0, 1.7fr) minmax(0, 1fr) minmax(0, .95fr); gap: 0 2rem } .first h2 { margin: .9rem 0 .3rem }
.first table { font-size: .875rem; line-height: 1.35 } .first td, .first th { padding: .12rem .5rem .12rem 0 }
.causes { list-style: none; margin: 0; padding: 0; font-size: .875rem; line-height: 1.35 } .causes > li { padding: .3rem 0 .3rem .6rem; border-bottom: 1px solid var(--line); border-left: 4px solid var(--warn); margin: .3rem 0 } .causes > li.fails { border-left-color: var(--bad) }
.causes .whom { display: flex; flex-wrap: wrap; gap: 0 1.2rem } .causes details[open] { flex-basis: 100% }
.causes .said { overflow-wrap: anywhere } .causes ul { margin: .2rem 0; padding-left: 1.2rem; columns: 16rem }
.share { display: flex; height: .65rem; border-radius: 3px; overflow: hidden; background: var(--line) } .share i { display: block }
.share .good { background: var(--good) } .share .bad { background: var(--bad) } .share .warn { background: var(--warn) } .share .rest { background: var(--line) }
.bars td:nth-child(2) { width: 40%; vertical-align: middle }
details.area { border-bottom: 1px solid var(--line) } details.area > summary { padding: .4rem 0 }
.columns { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 0 2rem }
.scroll { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0; border-bottom: 1px solid var(--line) }
th { font-weight: 600 } td.number, th.number { text-align: right; font-variant-numeric: tabular-nums }
.good { color: var(--good) } .bad { color: var(--bad) } .warn { color: var(--warn) }
.word { font-weight: 600; white-space: nowrap }
.word small { font-weight: 400 }
form { display: flex; flex-wrap: wrap; gap: .4rem 1.2rem; align-items: center; margin: .6rem 0 }
input[type=search] { font: inherit; padding: .3rem .5rem; min-width: 16rem; max-width: 100%; color: inherit; background: var(--ground); border: 1px solid var(--soft); border-radius: 4px }
label { white-space: nowrap }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
details.finding { border: 1px solid var(--line); border-left: 5px solid var(--warn); border-radius: 4px; margin: .6rem 0; padding: 0 .9rem }
details.finding.fails { border-left-color: var(--bad) }
details.finding[open] { padding-bottom: .8rem }
details.finding > summary { padding: .6rem 0; cursor: pointer }
summary { cursor: pointer }
dl { display: grid; grid-template-columns: 7rem minmax(0, 1fr); gap: .15rem .8rem; margin: .4rem 0 }
dt { color: var(--soft) } dd { margin: 0; overflow-wrap: anywhere }
.sides { display: grid; grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); gap: 0 1rem }
figure { margin: .4rem 0; min-width: 0 } figcaption { color: var(--soft); font-weight: 600 }
mark { background: var(--mark); color: inherit; box-shadow: -4px 0 var(--bad) }
.place { border-top: 1px solid var(--line); margin-top: .8rem; padding-top: .4rem }
.bar { position: relative; height: 1.4rem; margin: .5rem .4rem .2rem; border-bottom: 1px solid var(--soft) }
.bar i { position: absolute; bottom: -4px; width: 3px; height: 12px; margin-left: -1px; background: var(--accent) }
.bar i.here { background: var(--bad); height: 22px; width: 4px }
.scale { display: flex; justify-content: space-between; font-size: .85rem }
ol.events { list-style: none; margin: .4rem 0; padding: 0; border: 1px solid var(--line); border-radius: 4px }
ol.events li { display: grid; grid-template-columns: 2.2rem 5rem 12rem minmax(0, 1fr); gap: .6rem; padding: .15rem .5rem; border-bottom: 1px solid var(--line) }
ol.events li.here { background: var(--mark); box-shadow: inset 4px 0 var(--bad) }
ol.events code { overflow-wrap: anywhere }
ol.events pre { margin: 0; padding: 0 0 0 6px; border: 0; background: none } li.here mark { background: var(--ground); font-weight: 700 }
ol.events li.folded { display: block }
[hidden] { display: none !important }
@media (max-width: 64rem) and (min-width: 40.01rem) { .first { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr) } .first > section:first-child { grid-column: 1 / -1 } }
@media (max-width: 40rem) {
  header p { float: none; text-align: left; padding: 0 }
  .columns, .first { grid-template-columns: minmax(0, 1fr) }
  dl { grid-template-columns: 1fr } dt { margin-top: .4rem }
  ol.events li { grid-template-columns: 2rem 4.5rem minmax(0, 1fr); gap: 0 .5rem } ol.events li code { grid-column: 1 / -1 }
  label { white-space: normal } input[type=search] { min-width: 0; width: 100% } td, th { padding-right: .4rem; overflow-wrap: anywhere }
  table.stack tr { display: block; padding: .3rem 0; border-bottom: 1px solid var(--line) } table.stack td { display: block; border: 0; padding: 0 } table.stack thead { display: none }
  .first table.stack tr { display: flex; flex-wrap: wrap; gap: 0 .8rem } .first table.stack td:first-child { flex: 0 0 9rem }
}
@media print { form, .only-screen { display: none } pre { max-height: none; overflow: visible } details.finding { break-inside: avoid-page } body { max-width: none } }
`
