import type { Bounds } from './limits.ts'

/** The registry did not answer what it was asked. The message is for the developer, and does not contain the address. */
export class NotAnswered extends Error {
  override readonly name = 'NotAnswered'
  constructor(
    message: string,
    readonly status: number | null = null,
  ) {
    super(message)
  }
}

export interface Question {
  readonly url: URL
  /** Sent as JSON, with POST. */
  readonly body?: object
  /** One redirect to an address below this one is followed. */
  readonly within?: URL
}

/**
 * JSON from a registry. Follows no other redirect, because the server asks from inside its own network: only addresses below
 * the configured one are ever requested. Throws NotAnswered.
 */
export async function askJson(question: Question, { limits, signal }: Bounds): Promise<unknown> {
  const ended = AbortSignal.any([signal, AbortSignal.timeout(limits.requestMs)])
  try {
    let response = await request(question, ended)
    const next = nextOf(question, response)
    if (next !== null) {
      await response.body?.cancel()
      response = await request({ url: next }, ended)
    }
    if (response.status !== 200) {
      await response.body?.cancel()
      throw new NotAnswered(reasonOf(response.status), response.status)
    }
    return JSON.parse(await readAtMost(response, limits.answerBytes))
  } catch (error) {
    throw asNotAnswered(error)
  }
}

const request = ({ url, body }: Question, signal: AbortSignal): Promise<Response> =>
  fetch(withoutCredentials(url), {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: headersFor(url, body !== undefined),
    redirect: 'manual',
    signal,
  })

/** Where a redirect leads, with the credentials of the first address; null when it is none to follow. */
function nextOf({ url, within }: Question, { status, headers }: Response): URL | null {
  if (within === undefined || status < 300 || status >= 400) return null
  const next = URL.parse(headers.get('Location') ?? '', withoutCredentials(url))
  if (next?.origin !== within.origin || !next.pathname.startsWith(within.pathname)) return null
  next.username = url.username
  next.password = url.password
  return next
}

function headersFor({ username, password }: URL, hasBody: boolean): Record<string, string> {
  const credentials = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`)
  return {
    Accept: 'application/json',
    ...(hasBody && { 'Content-Type': 'application/json' }),
    ...(username && { Authorization: `Basic ${credentials.toString('base64')}` }),
  }
}

function withoutCredentials(url: URL): URL {
  const plain = new URL(url)
  plain.username = ''
  plain.password = ''
  return plain
}

function reasonOf(status: number): string {
  if (status >= 300 && status < 400) return `it redirects (${status}) to an address that is not asked`
  if ([404, 405, 501].includes(status)) return `it does not offer audits (${status})`
  return `it answered ${status}`
}

async function readAtMost(response: Response, bytes: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > bytes) throw new NotAnswered(`its answer has more than ${bytes} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function asNotAnswered(error: unknown): NotAnswered {
  if (error instanceof NotAnswered) return error
  if (error instanceof SyntaxError) return unreadable()
  const { name, code } = error as { name?: string; code?: unknown }
  if (name === 'TimeoutError' || name === 'AbortError') return new NotAnswered('it did not answer in time')
  return new NotAnswered(`it cannot be reached${typeof code === 'string' ? ` (${code})` : ''}`)
}

export const unreadable = (): NotAnswered => new NotAnswered('its answer cannot be read')
