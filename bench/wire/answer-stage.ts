/** An app that answers with given octets, our gateway in front of it, and an nginx in front of either. */
import { createServer, type AddressInfo } from 'node:net'
import { HOST, processAt, startTestGateway } from '../../src/gateway/testing/test-gateway.ts'
import { newBodyReader, readResponseHead } from '../../src/wire/index.ts'
import type { AppAnswer } from './answer-grammar.ts'
import { misreading, NEXT_BODY, type ReadAnswers } from './answer-reading.ts'
import { exchange, startNginxProxy } from './nginx-proxy.ts'
import { startNode } from './node-process.ts'

export interface AnswerStage extends AsyncDisposable {
  /** How this answer harms a client (Node or nginx) behind our gateway; null if it harms neither. */
  misreading(answer: AppAnswer): Promise<string | null>
}

const NEXT = `HTTP/1.1 200 OK\r\nContent-Length: ${NEXT_BODY.length}\r\n\r\n${NEXT_BODY}`

export async function startAnswerStage(): Promise<AnswerStage> {
  let answer: AppAnswer = { method: 'GET', octets: NEXT, isSound: true }
  const app = createServer((socket) => {
    let held = ''
    socket.on('error', () => {})
    socket.on('data', (bytes) => {
      held += bytes.toString('latin1')
      for (let end = held.indexOf('\r\n\r\n'); end >= 0; end = held.indexOf('\r\n\r\n')) {
        const isNext = held.startsWith('GET /next ')
        held = held.slice(end + 4)
        if (isNext) socket.write(NEXT)
        else {
          socket.write(answer.octets, 'latin1')
          if (endsConnection(answer)) socket.end()
        }
      }
    })
  })
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve))
  const { port } = app.address() as AddressInfo
  const micros = [{ name: 'web', publicRoutes: ['/*'], upstream: processAt(port) }]
  const gateway = await startTestGateway({ micros })
  const nginx = await startNginxProxy(port)
  const nginxBefore = await startNginxProxy(gateway.port)
  const llhttp = startNode('llhttp-reader.mjs')

  const readAs = async (octets: Buffer, method: string, ends: boolean) => {
    const line = JSON.stringify({ octets: octets.toString('base64'), methods: [method, 'GET'], ends })
    return JSON.parse(await llhttp.ask(line)) as ReadAnswers
  }
  const readThrough = async (proxyPort: number, method: string) =>
    readAs(await exchange(proxyPort, requests(method)), method, true)

  return {
    async misreading(given) {
      answer = given
      const { method, octets, isSound } = given
      const passed = await readThrough(gateway.port, method)
      const direct = await readAs(Buffer.from(octets, 'latin1'), method, endsConnection(given))
      const why = misreading(passed, direct, isSound)
      if (why !== null) return `node: ${why}`
      // It reads interim responses as final ones.
      if (/HTTP\/1\.. ?1/.test(octets)) return null
      const behindNginx = await readThrough(nginx.port, method)
      const whyNginx = misreading(await readThrough(nginxBefore.port, method), behindNginx, isSound)
      return whyNginx === null ? null : `nginx: ${whyNginx}`
    },
    async [Symbol.asyncDispose]() {
      await llhttp[Symbol.asyncDispose]()
      nginx[Symbol.dispose]()
      nginxBefore[Symbol.dispose]()
      await gateway.close()
      app.close()
    },
  }
}

/** Two requests at once: bytes of the first answer must never become the second. */
const requests = (method: string): Buffer =>
  Buffer.from(
    `${method} / HTTP/1.1\r\nHost: ${HOST}\r\n\r\nGET /next HTTP/1.1\r\nHost: ${HOST}\r\nConnection: close\r\n\r\n`,
  )

/** Whether the end of the answer is only recognisable when the app closes the connection. */
function endsConnection({ method, octets }: AppAnswer): boolean {
  let rest = Buffer.from(octets, 'latin1')
  for (;;) {
    const head = readResponseHead(rest, method)
    if (head.kind !== 'response') return true
    rest = rest.subarray(head.byteLength)
    if (head.status < 200) continue
    if (!head.keepAlive) return true
    return head.framing.kind !== 'none' && newBodyReader(head.framing).read(rest).kind !== 'end'
  }
}
