/** The only script of index.html: it filters targets. Without it the page shows all of them. */
export const script = `
const form = document.querySelector('form')
const rows = [...document.querySelectorAll('[data-row]')]
const count = document.querySelector('#count')
function filter() {
  const data = new FormData(form)
  const text = String(data.get('text')).trim().toLowerCase()
  const exits = new Set(data.getAll('exit'))
  const shown = new Set()
  for (const row of rows) {
    const fits = exits.has(row.dataset.exit) && row.dataset.find.includes(text)
    row.hidden = !fits
    if (fits) shown.add(row.dataset.row)
  }
  const all = new Set(rows.map((row) => row.dataset.row))
  count.textContent = count.dataset.says.replace('{shown}', shown.size).replace('{all}', all.size)
}
form.hidden = false
form.addEventListener('input', filter)
form.addEventListener('reset', () => setTimeout(filter))
form.addEventListener('submit', (event) => event.preventDefault())
filter()
`
