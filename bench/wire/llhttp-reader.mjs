// How llhttp, as Node's client uses it, reads responses. One reading per line of stdin and stdout, both JSON: from
// `{octets (base64), methods, ends}` (`ends`: the connection ends behind them) to
// `{answers, isRefused}`.
import { HTTPParser } from '_http_common'
import { createInterface } from 'node:readline'

/** 1: there is no body, whatever the fields say. */
const bodyFlag = (status, method) => (status < 200 || method === 'HEAD' ? 1 : 0)

function read({ octets, methods, ends }) {
  const answers = []
  let finals = 0
  const parser = new HTTPParser()
  parser.initialize(HTTPParser.RESPONSE, {})
  // Many headers come in several pieces, and trailers, which the next head discards.
  let flushed = []
  parser[HTTPParser.kOnMessageBegin] = () => {
    flushed = []
  }
  parser[HTTPParser.kOnHeaders] = (headers) => flushed.push(...headers)
  parser[HTTPParser.kOnHeadersComplete] = (_major, _minor, headers, _method, _url, status, reason) => {
    const fields = fieldsOf([...flushed, ...(headers ?? [])])
    answers.push({ status, reason, fields, body: '', isWhole: false })
    return bodyFlag(status, status < 200 ? '' : methods[finals++])
  }
  parser[HTTPParser.kOnBody] = (bytes) => {
    answers.at(-1).body += bytes.toString('latin1')
  }
  parser[HTTPParser.kOnMessageComplete] = () => {
    answers.at(-1).isWhole = true
  }
  const isRefused = parser.execute(Buffer.from(octets, 'base64')) instanceof Error
  if (ends && !isRefused) parser.finish()
  return { answers, isRefused }
}

/** Those that no proxy has a word in, `name: value`. */
function fieldsOf(headers) {
  const fields = []
  for (let i = 0; i < headers.length; i += 2)
    if (/^x-[ab]$/i.test(headers[i])) fields.push(`${headers[i].toLowerCase()}: ${headers[i + 1]}`)
  return fields
}

for await (const line of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(read(JSON.parse(line)))}\n`)
