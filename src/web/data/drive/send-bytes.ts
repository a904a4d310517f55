import { ApiError } from '../../api/client.ts'

interface SendOptions {
  readonly method: 'POST' | 'PUT'
  readonly url: string
  /** Its type is sent; where it has none, the server guesses one from the name. */
  readonly body: Blob
  readonly signal: AbortSignal
  readonly onProgress: (bytes: number) => void
}

const ATTEMPTS = 4
const PAUSE_MS = 800

/** Sends a body and reports how far it is; tries again where the server is busy or not reachable. Throws ApiError. */
export async function sendBytes(options: SendOptions): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await sendOnce(options)
    } catch (error) {
      const isPassing = error instanceof ApiError && [0, 429, 502, 503].includes(error.status)
      if (!isPassing || attempt === ATTEMPTS || options.signal.aborted) throw error
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS * attempt))
    }
  }
}

/** By XMLHttpRequest: `fetch` does not report progress. */
function sendOnce({ method, url, body, signal, onProgress }: SendOptions): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const request = new XMLHttpRequest()
  const abort = () => request.abort()
  request.open(method, url)
  request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded))
  request.addEventListener('load', () => {
    if (request.status < 300) resolve()
    else reject(new ApiError(request.status, messageOf(request)))
  })
  request.addEventListener('error', () => reject(new ApiError(0, 'The connection to the server broke.')))
  request.addEventListener('abort', () => reject(new ApiError(0, 'Canceled.')))
  signal.addEventListener('abort', abort, { once: true })
  request.send(body)
  return promise.finally(() => signal.removeEventListener('abort', abort))
}

function messageOf({ status, responseText }: XMLHttpRequest): string {
  try {
    return (JSON.parse(responseText) as { detail: string }).detail
  } catch {
    return `The server responded with status ${status}.`
  }
}
