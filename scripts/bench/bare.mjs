// The least a program can do that sends the same requests: no plan, no judging, no report. Compared with `check` by the bench.
import { readFileSync } from 'node:fs'
import http from 'node:http'

const [url, file, concurrency] = process.argv.slice(2)
const requests = JSON.parse(readFileSync(file, 'utf8'))
const agent = new http.Agent({ keepAlive: true })

function send({ method, path, headers, body }) {
  return new Promise((resolve) => {
    const request = http.request(url + path, { method, headers, agent }, (response) => {
      response.on('data', () => {}).on('close', resolve)
    })
    request.on('error', resolve)
    request.end(body ?? undefined)
  })
}

async function worker() {
  for (let next = requests.shift(); next; next = requests.shift()) await send(next)
}

await Promise.all(Array.from({ length: Number(concurrency) }, worker))
agent.destroy()
