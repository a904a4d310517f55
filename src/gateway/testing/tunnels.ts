/** Upstreams for tests that change to another protocol. */
import { requestHead } from './open-app.ts'
import type { Script } from './raw-upstream.ts'

export const UPGRADE = requestHead('GET /ws', 'Connection: Upgrade', 'Upgrade: websocket')
export const SWITCHED =
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'

/** Echoes what it receives. */
export const echo: Script = ({ socket }) => {
  socket.write(SWITCHED)
  socket.on('data', (bytes) => socket.write(bytes))
}

/** Answers the client's end with `LAST_WORDS`, which exceed every buffer, and then sends its own end. */
export const speakLast: Script = ({ socket }) => {
  socket.write(SWITCHED)
  socket.removeAllListeners('end')
  socket.on('end', () => socket.end(LAST_WORDS))
}
export const LAST_WORDS = 'x'.repeat(3_000_000) + 'last words'

export const cutAtOnce: Script = ({ socket }) => void socket.write(SWITCHED, () => socket.resetAndDestroy())
