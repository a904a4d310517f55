import { STATUS_CODES } from 'node:http'
import type { HeadWriter } from '../../wire/index.ts'
import type { Exchange } from '../client/exchange.ts'
import { FileResponder } from './file-responder.ts'
import type { LocalResponse } from './local-response.ts'
import { readableLines } from '../headers/readable-by.ts'
import type { ResponseWriter } from '../client/response-writer.ts'

/** Sends an answer of the gateway itself. The rest of the request is not read: the connection ends if it has a body. */
export function answerLocally(exchange: Exchange, made: LocalResponse): void {
  const { request, response, client, readableBy } = exchange
  const answer =
    readableBy === null ? made : { ...made, moreLines: (made.moreLines ?? '') + readableLines(readableBy) }
  const { body } = answer
  if (request.framing.kind !== 'none') response.keepAlive = false
  if (body.kind === 'file') {
    startAnswer(response, answer)
    const responder = new FileResponder(exchange, body.fd, request.method === 'HEAD' ? [] : body.parts)
    client.respondWith(responder)
    return responder.onClientDrain()
  }
  if (sendPrebuilt(exchange, answer)) response.isStarted = true
  else writeAnswer(response, answer)
  client.endResponse()
}

function sendPrebuilt(
  { request, response, client }: Exchange,
  { prebuilt, moreLines }: LocalResponse,
): boolean {
  if (prebuilt === undefined || request.method !== 'GET' || request.minorVersion === 0) return false
  return response.keepAlive && prebuilt.sendTo(client.connection, Date.now(), moreLines ?? '')
}

/** Writes an answer that is in memory. */
export function writeAnswer(response: ResponseWriter, answer: LocalResponse): void {
  startAnswer(response, answer)
  if (answer.body.kind === 'bytes') response.write(answer.body.bytes)
  response.end([])
}

function startAnswer(response: ResponseWriter, answer: LocalResponse): void {
  const length = answer.body.kind === 'none' ? 0 : lengthOf(answer.body)
  const head = {
    statusText: statusText(answer.status),
    writeLines: (out: HeadWriter) => out.text(fieldLines(answer)),
  }
  response.start(head, { kind: 'length', length })
}

function fieldLines({ headers, headerLines, moreLines = '', body }: LocalResponse): string {
  let lines = headerLines ?? headers.map(([name, value]) => `${name}: ${value}\r\n`).join('')
  if (body.kind !== 'none') lines += `Content-Length: ${lengthOf(body)}\r\n`
  return `${lines}${moreLines}Date: ${new Date().toUTCString()}\r\n`
}

function lengthOf(body: Exclude<LocalResponse['body'], { kind: 'none' }>): number {
  if (body.kind === 'bytes') return body.bytes.length
  return body.parts.reduce((sum, part) => sum + (part.kind === 'slice' ? part.length : part.bytes.length), 0)
}

const statusText = (status: number): string => `${status} ${STATUS_CODES[status] ?? 'Unknown'}`
