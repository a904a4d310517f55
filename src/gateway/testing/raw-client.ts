/** A client for tests that sends exactly the given bytes and keeps exactly the bytes it receives. */
import { connect, type Socket } from 'node:net'
import { connect as connectTls, type ConnectionOptions } from 'node:tls'
import { inTime } from '../../kernel/testing/until.ts'

export class RawClient implements Disposable {
  readonly socket: Socket
  #received = ''
  #isEnded = false
  #isClosed = false
  #errorCode: string | null = null
  readonly #waiting = new Set<() => void>()

  private constructor(socket: Socket) {
    this.socket = socket
    const look = () => {
      for (const waiter of this.#waiting) waiter()
    }
    socket.on('data', (bytes) => {
      this.#received += bytes.toString('latin1')
      look()
    })
    socket.on('end', () => {
      this.#isEnded = true
      look()
    })
    socket.on('close', () => {
      this.#isClosed = true
      look()
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#errorCode = error.code ?? 'unknown'
    })
  }

  /** `from`: an address of this machine's loopback. */
  static connect(port: number, from = '127.0.0.1'): Promise<RawClient> {
    const socket = connect({ port, host: '127.0.0.1', localAddress: from, allowHalfOpen: true })
    return RawClient.#over(socket, 'connect')
  }

  /** Over TLS, with any certificate; `serverName` is the requested name. */
  static connectTls(port: number, serverName: string): Promise<RawClient> {
    const wire = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    const options = { socket: wire, servername: serverName, rejectUnauthorized: false, allowHalfOpen: true }
    return RawClient.#over(connectTls(options as ConnectionOptions), 'secureConnect')
  }

  static async #over(socket: Socket, isOpen: string): Promise<RawClient> {
    const client = new RawClient(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once(isOpen, resolve)
      socket.once('error', reject)
      socket.once('close', () => reject(new Error('closed before it was open')))
    })
    return client
  }

  /** Sends octets, and waits until they are sent or the connection has ended. */
  sendAll(text: string): Promise<void> {
    return new Promise((resolve) => this.socket.write(Buffer.from(text, 'latin1'), () => resolve()))
  }

  /** Everything received, one character per byte. */
  get received(): string {
    return this.#received
  }

  get isEnded(): boolean {
    return this.#isEnded
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  /** The system's code, if the connection was cut. */
  get errorCode(): string | null {
    return this.#errorCode
  }

  send(bytes: string | Buffer): void {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes)
  }

  async until(isTrue: (client: RawClient) => boolean): Promise<string> {
    while (!isTrue(this)) {
      const { promise, resolve } = Promise.withResolvers<void>()
      this.#waiting.add(resolve)
      const what = () =>
        `${isTrue} of a client that has received ${JSON.stringify(this.#received.slice(-2_000))}`
      await inTime(what, promise).finally(() => this.#waiting.delete(resolve))
    }
    return this.#received
  }

  /** Everything received until the server ends or cuts the connection. */
  untilEnd(): Promise<string> {
    return this.until((client) => client.isEnded || client.isClosed)
  }

  /** Waits until `text` has been received, and returns everything so far; fails if the connection closes without it. */
  async untilReceived(text: string): Promise<string> {
    const received = await this.until((client) => client.received.includes(text) || client.isClosed)
    if (received.includes(text)) return received
    throw new Error(`closed before ${JSON.stringify(text)}, after ${JSON.stringify(received)}`)
  }

  [Symbol.dispose](): void {
    this.socket.destroy()
  }
}
