import type { SQL } from 'bun'
import { ConfigError, type DatabaseConfig } from '../../config/index.ts'
import type { Logger } from '../../kernel/log.ts'
import { connect } from './connect.ts'
import { isLockTimeout, openError, shownDatabase } from './errors.ts'

const TAKE_LOCK = 'select pg_advisory_lock(1870097012)'
/** For a server that is just ending, or whose connection the database has not given up yet. */
const WAIT_MS = 10_000
/** Between attempts to connect again. */
const PAUSE_MS = 1_000

export interface ServerLockOptions {
  readonly config: DatabaseConfig
  readonly log: Logger
  /** Another server has taken it while the connection was lost: this one must end. */
  readonly onTaken: () => void
}

/**
 * Kept by the one server of a database: another one would not have the files that its rows name, and would end what is
 * under way. A connection of its own holds it; when that is lost, the lock is taken again as soon as the database
 * answers.
 */
export class ServerLock implements AsyncDisposable {
  readonly #options: ServerLockOptions
  #client: SQL | null = null
  #retry: Timer | null = null
  #isOver = false

  private constructor(options: ServerLockOptions) {
    this.#options = options
  }

  /** Throws ConfigError while another server has it. */
  static async take(options: ServerLockOptions): Promise<ServerLock> {
    const lock = new ServerLock(options)
    try {
      await lock.#connect()
      return lock
    } catch (error) {
      await lock[Symbol.asyncDispose]()
      throw takeError(options.config.url, error) ?? error
    }
  }

  async #connect(): Promise<void> {
    const { config } = this.#options
    const limits = { connections: 1, withinMs: Math.min(config.withinMs, WAIT_MS) }
    let isHeld = false
    const client = connect(
      { ...config, ...limits },
      {
        name: 'ownspace lock',
        onClose: () => {
          if (!isHeld) return
          isHeld = false
          this.#retake()
        },
      },
    )
    this.#client = client
    await client.unsafe(TAKE_LOCK)
    isHeld = true
  }

  #retake(): void {
    if (this.#isOver) return
    this.#retry = setTimeout(() => {
      void this.#client?.close({ timeout: 0 })
      this.#connect().catch((error: unknown) => {
        if (this.#isOver) return
        if (!isLockTimeout(error)) return this.#retake()
        this.#options.log.error('another server has taken the database', {}, error)
        this.#options.onTaken()
      })
    }, PAUSE_MS)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    if (this.#retry) clearTimeout(this.#retry)
    await this.#client?.close({ timeout: 0 })
  }
}

function takeError(url: string, error: unknown): ConfigError | null {
  if (!isLockTimeout(error)) return openError(url, error)
  return new ConfigError(
    `The database ${shownDatabase(url)} is used by another server.\nStop that one, or give this one a database of its own.`,
    { cause: error },
  )
}
