import { hostname, userInfo } from 'node:os'
import type { Server } from './api/server.ts'
import { type Cli, sayNotice } from './context.ts'

/** Under which an access token is listed in Home: `space on laptop (ada)`. */
export function tokenName(): string {
  return `space on ${hostname()}${userName()}`.slice(0, 64)
}

function userName(): string {
  try {
    const { username } = userInfo()
    // What Bun says where nobody has told it.
    return username === 'unknown' ? '' : ` (${username})`
  } catch {
    // A user id without an entry in the system's list, as in containers.
    return ''
  }
}

export function warnWhenExposed(cli: Cli, server: Server, what: string): void {
  if (server.isExposed)
    sayNotice(cli, `${server.origin} does not use TLS: ${what} can be read on the network. Use https.`)
}
