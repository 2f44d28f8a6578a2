import http from 'node:http'

/*
 * An upstream of streams: POST /v1/messages?events=N&pause=MS&text=BYTES answers with N deltas of so many bytes, so long apart. Those
 * with a pause begin with the time at which they go out, in milliseconds since 1970.
 */

const line = (data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
const usage = { input_tokens: 3, output_tokens: 1 }
const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content: [], stop_sequence: null, usage }

// Nobody is to meet a connection that was closed for its age.
const server = http.createServer({ keepAliveTimeout: 600_000 }, (incoming, outgoing) => {
  const query = new URL(incoming.url, 'http://localhost').searchParams
  const [events, pause, text] = ['events', 'pause', 'text'].map((name) => Number(query.get(name)))
  const delta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'x'.repeat(text) } }
  let left = events
  const end = () => {
    outgoing.write(line({ type: 'content_block_stop', index: 0 }))
    outgoing.write(
      line({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: events } }),
    )
    outgoing.end(line({ type: 'message_stop' }))
  }
  const flood = () => {
    while (left-- > 0) if (!outgoing.write(line(delta))) return outgoing.once('drain', flood)
    end()
  }
  const trickle = () => {
    if (left-- <= 0) return end()
    const now = (performance.timeOrigin + performance.now()).toFixed(3)
    outgoing.write(line({ ...delta, delta: { ...delta.delta, text: now.padEnd(text, 'x') } }))
    setTimeout(trickle, pause)
  }
  incoming.resume()
  incoming.on('end', () => {
    outgoing.writeHead(200, { 'content-type': 'text/event-stream', 'request-id': 'req_1' })
    outgoing.write(line({ type: 'message_start', message: { ...message, stop_reason: null } }))
    outgoing.write(line({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }))
    if (pause > 0) trickle()
    else flood()
  })
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
