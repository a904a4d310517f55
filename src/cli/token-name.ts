import { hostname, userInfo } from 'node:os'
import type { Server } from './api/server.ts'
import { type Cli, sayNotice } from './context.ts'

/** The name of an access token in Home: `space on laptop (ada)`. */
export function tokenName(): string {
  return `space on ${hostname()}${userName()}`.slice(0, 64)
}

function userName(): string {
  try {
    const { username } = userInfo()
    // Bun's value for an unknown name.
    return username === 'unknown' ? '' : ` (${username})`
  } catch {
    // A user id without an entry in the user database, as in containers.
    return ''
  }
}

export function warnWhenExposed(cli: Cli, server: Server, what: string): void {
  if (server.isExposed)
    sayNotice(cli, `${server.origin} does not use TLS: ${what} can be read on the network. Use https.`)
}
