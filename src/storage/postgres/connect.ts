import { SQL } from 'bun'
import type { DatabaseConfig } from '../../config/index.ts'

export interface ConnectOptions {
  /** By which the database lists the connections. */
  readonly name: string
  /** A connection has ended. */
  readonly onClose?: () => void
}

/** Every wait ends: for a connection, for the writer before, for a statement, for a server that left off in the middle. */
export function connect(
  { url, connections, withinMs }: DatabaseConfig,
  { name, onClose }: ConnectOptions,
): SQL {
  return new SQL({
    url,
    max: connections,
    bigint: true,
    ...(onClose ? { onclose: onClose } : {}),
    connectionTimeout: Math.ceil(withinMs / 1_000),
    connection: {
      application_name: name,
      lock_timeout: `${withinMs}ms`,
      // More than the wait for the writer before, which is part of a statement.
      statement_timeout: `${2 * withinMs}ms`,
      idle_in_transaction_session_timeout: `${2 * withinMs}ms`,
    },
  })
}
