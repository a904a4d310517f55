import type { Socket } from 'node:net'

/** A line of the largest snapshot batch is far below this; what is longer is not ours. */
const MAX_LINE_CHARS = 64 * 1024 * 1024

export interface JsonLinesHandlers<In> {
  readonly onMessage: (message: In) => void
  /** Once, whatever ended it; with what `onMessage` or the parser threw, if that did. */
  readonly onClose: (cause: unknown) => void
}

/** One JSON value a line over a socket, in both directions. An unreadable line ends the connection. */
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

  /** Resolves when the other end has taken enough of what was sent, or is gone. */
  async room(): Promise<void> {
    if (this.isOpen && this.#socket.writableNeedDrain)
      await new Promise<void>((done) => this.#drained.push(done))
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** Ends the connection once the other end has taken this. */
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
      // A message may have ended the connection: what came behind it is of no use.
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
