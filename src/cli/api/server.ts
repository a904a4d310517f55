import { usageError } from '../failure.ts'

/** Where a server is. */
export interface Server {
  /** Shown to users, without a trailing slash: `http://localhost:7070`. */
  readonly origin: string
  /** Root of the API: `http://localhost:7070/api`. */
  readonly root: string
  readonly isLoopback: boolean
  /** Neither TLS nor loopback: traffic can be read on the network. */
  readonly isExposed: boolean
}

export const DEFAULT_ORIGIN = 'http://localhost:7070'

/** Parses `--server`: a URL, or a bare host name, which means https unless it is loopback. Throws `usage`. */
export function parseServer(text: string): Server {
  const url = parseUrl(text)
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash)
    throw usageError(
      `"${text}" is not the address of a server`,
      'For example: http://localhost:7070 or https://cloud.example.org',
    )
  const origin = `${url.origin}${url.pathname.replace(/\/+$/, '')}`
  const isLoopback = isLoopbackName(url.hostname)
  return {
    origin,
    root: `${origin}/api`,
    isLoopback,
    isExposed: url.protocol === 'http:' && !isLoopback,
  }
}

/** `SPACE_ROOT` is `<server>/api` (COMPAT 3.3). */
export const serverOfRoot = (root: string): Server => parseServer(root.replace(/\/+(api\/*)?$/, ''))

function parseUrl(text: string): URL | null {
  if (text.includes('://')) return URL.parse(text)
  const guess = URL.parse(`https://${text}`)
  return guess && isLoopbackName(guess.hostname) ? URL.parse(`http://${text}`) : guess
}

const isLoopbackName = (name: string) =>
  name === 'localhost' || name.endsWith('.localhost') || name === '[::1]' || /^127(\.\d+){3}$/.test(name)
