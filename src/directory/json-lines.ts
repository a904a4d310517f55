import type { Socket } from 'node:net'

/** Far above the largest snapshot batch; a longer line is refused. */
const MAX_LINE_CHARS = 64 * 1024 * 1024

export interface JsonLinesHandlers<In> {
  readonly onMessage: (message: In) => void
  /** Called once when the connection has ended; with the error that `onMessage` or the parser threw, if any. */
  readonly onClose: (cause: unknown) => void
}

/** One JSON value per line over a socket, in both directions. An unreadable line ends the connection. */
export class JsonLines<In, Out> {
  readonly #socket: Socket
  #partial = ''
  #drained: Array<() => void> = []
  #trouble: unknown

  constructor(socket: Socket, { onMessage, onClose }: JsonLinesHandlers<In>) {
    this.#socket = socket
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => this.#take(chunk, onMessage))
    socket.on('drain', () => this.#release())
    socket.on('error', () => socket.destroy())
    socket.on('close', () => {
      this.#release()
      onClose(this.#trouble)
    })
  }

  get isOpen(): boolean {
    return !this.#socket.destroyed
  }

  send(message: Out): void {
    if (this.isOpen) this.#socket.write(`${JSON.stringify(message)}\n`)
  }

  /** Resolves when the peer has taken enough of what was sent, or is gone. */
  async whenDrained(): Promise<void> {
    if (this.isOpen && this.#socket.writableNeedDrain)
      await new Promise<void>((done) => this.#drained.push(done))
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** Ends the connection once the peer has taken this message. */
  sendLast(message: Out): void {
    this.send(message)
    this.#socket.destroySoon()
  }

  #release(): void {
    const waiting = this.#drained
    this.#drained = []
    for (const done of waiting) done()
  }

  #take(chunk: string, onMessage: (message: In) => void): void {
    const lines = (this.#partial + chunk).split('\n')
    this.#partial = lines.pop() ?? ''
    if (this.#partial.length > MAX_LINE_CHARS) return this.destroy()
    for (const line of lines) {
      // A message may have ended the connection: the lines behind it are dropped.
      if (!this.isOpen) return
      try {
        onMessage(JSON.parse(line) as In)
      } catch (cause) {
        this.#trouble = cause
        return this.destroy()
      }
    }
  }
}
