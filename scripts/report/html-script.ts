/** The only script of report.html: filters, and links that open what they lead to. Without it the page shows everything. */
export const script = `
const form = document.querySelector('form')
const rows = [...document.querySelectorAll('[data-id]')]
const count = document.querySelector('#count')
function filter() {
  const data = new FormData(form)
  const text = String(data.get('text')).trim().toLowerCase()
  const outcomes = new Set(data.getAll('outcome'))
  const levels = new Set(data.getAll('level'))
  const shown = new Set()
  for (const row of rows) {
    const { id, outcome, level, words } = row.dataset
    const fits = outcomes.has(outcome) && levels.has(level) && (id + ' ' + words).toLowerCase().includes(text)
    row.hidden = !fits
    if (fits) shown.add(id)
  }
  const narrowed = text !== ''
  for (const area of document.querySelectorAll('details.area')) {
    area.hidden = !area.querySelector('[data-id]:not([hidden])')
    if (narrowed) area.open = true
  }
  const all = new Set(rows.map((row) => row.dataset.id))
  count.textContent = count.dataset.says.replace('{shown}', shown.size).replace('{all}', all.size)
}
function follow() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)))
  if (!target) return
  if (target.hidden) { form.reset(); filter() }
  for (let one = target; one; one = one.parentElement) if (one.tagName === 'DETAILS') one.open = true
  target.scrollIntoView()
}
form.hidden = false
form.addEventListener('input', filter)
form.addEventListener('reset', () => setTimeout(filter))
form.addEventListener('submit', (event) => event.preventDefault())
for (const link of document.querySelectorAll('a[data-area]'))
  link.addEventListener('click', () => { form.elements.text.value = link.dataset.area + '/'; filter() })
addEventListener('hashchange', follow)
addEventListener('beforeprint', () => { for (const one of document.querySelectorAll('details')) one.open = true })
filter()
follow()
`
