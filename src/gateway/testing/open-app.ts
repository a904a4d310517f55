/** An upstream behind a public app, and a client: the start of most tests of the gateway. */
import { RawClient } from './raw-client.ts'
import { startRawUpstream, type RawUpstream, type Script } from './raw-upstream.ts'
import {
  HOST,
  processAt,
  startTestGateway,
  type TestGateway,
  type TestGatewayOptions,
} from './test-gateway.ts'

export interface OpenApp extends AsyncDisposable {
  readonly upstream: RawUpstream
  readonly gateway: TestGateway
  readonly client: RawClient
  connect(): Promise<RawClient>
}

export async function startOpenApp(
  script?: Script,
  options: Partial<TestGatewayOptions> = {},
  entry: { server?: 'node' | 'bun' } = {},
): Promise<OpenApp> {
  const upstream = await startRawUpstream(script)
  const gateway = await startTestGateway({
    micros: [{ name: 'web', publicRoutes: ['/*'], upstream: { ...processAt(upstream.port), ...entry } }],
    ...options,
  })
  const clients: RawClient[] = []
  const connect = async () => {
    const client = await (options.tls
      ? RawClient.connectTls(gateway.port, HOST)
      : RawClient.connect(gateway.port))
    clients.push(client)
    return client
  }
  return {
    upstream,
    gateway,
    client: await connect(),
    connect,
    async [Symbol.asyncDispose]() {
      for (const client of clients) client[Symbol.dispose]()
      await gateway.close()
      await upstream[Symbol.asyncDispose]()
    },
  }
}

/** The head of a request to the test app. */
export const requestHead = (line: string, ...fields: string[]): string =>
  `${line} HTTP/1.1\r\nHost: ${HOST}\r\n${fields.map((field) => `${field}\r\n`).join('')}\r\n`
