import { defaultKey } from '../../fixtures/gateways/reference/identity.ts'

/** A relay in a process of its own: it listens on its first argument, and passes on to the second under the key of the third. */
export const relayProcess = `
const http = require('node:http')
const [port, upstream, key] = process.argv.slice(1)
console.log('listens on', port, 'with', process.env.OWN_SECRET, Object.keys(process.env).join())
http.createServer((from, to) => {
  const { authorization, 'x-api-key': _, host, ...headers } = from.headers
  const shown = authorization === 'Bearer ${defaultKey}' || _ === '${defaultKey}' ? key : 'nobody'
  const options = { method: from.method, headers: { ...headers, 'x-api-key': shown } }
  const onward = http.request(upstream + from.url, options, (answer) => {
    to.writeHead(answer.statusCode, answer.headers)
    answer.on('error', () => to.destroy())
    answer.pipe(to)
  })
  onward.on('error', () => to.writeHead(502).end())
  to.on('close', () => onward.destroy())
  from.pipe(onward)
}).listen(port, '127.0.0.1')
`
