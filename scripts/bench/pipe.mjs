import http from 'node:http'

/* What tap is compared with: the least that hands requests on to an upstream and its answers back. node pipe.mjs URL */

const upstream = new URL(process.argv[2])
const agent = new http.Agent({ keepAlive: true })

const server = http.createServer((incoming, outgoing) => {
  const { method, url: path, headers } = incoming
  const request = http.request({ agent, hostname: upstream.hostname, port: upstream.port, method, path, headers })
  request.on('response', (response) => {
    outgoing.writeHead(response.statusCode, response.headers)
    outgoing.flushHeaders()
    response.pipe(outgoing)
  })
  incoming.pipe(request)
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
