// A client that asks once, and says what status it got. Run by the client runner, whose growth the bench measures.
import http from 'node:http'

const { ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: key, ANTHROPIC_MODEL: model } = process.env
const headers = { 'x-api-key': key, 'content-type': 'application/json', 'anthropic-version': '2023-06-01' }
const request = http.request(`${url}/v1/messages`, { method: 'POST', headers }, (response) => {
  response.on('data', () => {}).on('close', () => console.log(response.statusCode))
})
request.on('error', (error) => console.error(error.code))
request.end(
  JSON.stringify({ model, max_tokens: 64, stream: true, messages: [{ role: 'user', content: 'Say one word.' }] }),
)
