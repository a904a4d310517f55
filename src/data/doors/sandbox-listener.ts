import { readFile } from 'node:fs/promises'
import type { Logger } from '../../kernel/log.ts'
import type { CertificateFiles } from '../../tls/index.ts'
import { type Door, type DoorOptions, openDoor } from './listen.ts'

export interface SandboxListenerOptions extends Omit<DoorOptions, 'tls'> {
  /** Written and renewed by the platform, which may start later than this process. */
  readonly leaf: CertificateFiles
  readonly log: Logger
  readonly lookMs?: number
  readonly looksARenewal?: number
}

const LOOK_MS = 1_000
/** A renewed certificate is not urgent: the old one is valid for weeks. */
const LOOKS_A_RENEWAL = 60

/** The TLS listener for sandboxes: opened as soon as there is a certificate, and opened again when that is renewed. */
export class SandboxListener {
  readonly #options: SandboxListenerOptions
  readonly #timer: Timer
  #door: Door | null = null
  /** Connections that wait for it are accepted before it is drained: closing a socket resets them. */
  #replaced: Door | null = null
  #served = ''
  #looks = 0
  #looking: Promise<void>
  #isClosed = false

  constructor(options: SandboxListenerOptions) {
    this.#options = options
    this.#looking = this.#look()
    this.#timer = setInterval(() => {
      void this.#replaced?.drain()
      this.#replaced = null
      if (this.#served !== '' && ++this.#looks % (options.looksARenewal ?? LOOKS_A_RENEWAL) !== 0) return
      this.#looking = this.#looking.then(() => this.#look())
    }, options.lookMs ?? LOOK_MS)
  }

  /** The first look at the certificate. */
  get opened(): Promise<void> {
    return this.#looking
  }

  async drain(): Promise<void> {
    await this.#stop()
    await this.#door?.drain()
  }

  async close(): Promise<void> {
    await this.#stop()
    await this.#door?.close()
  }

  async #stop(): Promise<void> {
    this.#isClosed = true
    clearInterval(this.#timer)
    await this.#looking
    await this.#replaced?.drain()
  }

  async #look(): Promise<void> {
    const { leaf, log } = this.#options
    if (this.#isClosed) return
    try {
      const [cert, key] = await Promise.all([readFile(leaf.certFile, 'utf8'), readFile(leaf.keyFile, 'utf8')])
      if (cert === this.#served) return
      const old = this.#door
      this.#door = await openDoor({ ...this.#options, tls: { cert, key } })
      this.#served = cert
      this.#replaced = old
    } catch (error) {
      // Missing until the platform has started; a half-renewed pair is whole at the next look.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
        log.warn('cannot listen for sandboxes', { reason: (error as Error).message })
    }
  }
}
