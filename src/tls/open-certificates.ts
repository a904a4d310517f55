import { statSync } from 'node:fs'
import type { SecureContext } from 'node:tls'
import type { Logger } from '../kernel/log.ts'
import {
  type Certificate,
  CertificateError,
  type CertificateFiles,
  isValidAt,
  readCertificate,
} from './certificate.ts'
import { createBook, type CertificateBook } from './certificate-book.ts'

/** Short enough for a person who waits for a renewal, and almost free for the disk. */
const LOOK_MS = 10_000

export interface OpenOptions {
  readonly files: readonly CertificateFiles[]
  readonly log: Logger
  readonly lookMs?: number
  /** Wall clock. */
  readonly now?: () => number
}

/**
 * Certificates that are reloaded when their files change, as at each renewal. If new files cannot be used, the error is
 * logged and the old certificate stays. Files are polled, not watched: renewals swap links, mount volumes or write in
 * place, and polling detects all of them.
 */
export class OpenCertificates implements CertificateBook, Disposable {
  readonly #log: Logger
  readonly #now: () => number
  readonly #timer: Timer
  #entries: { certificate: Certificate; state: string }[]
  #book: CertificateBook

  /** Throws CertificateError if one of them cannot be used. */
  constructor({ files, log, lookMs = LOOK_MS, now = Date.now }: OpenOptions) {
    this.#log = log
    this.#now = now
    this.#entries = files.map((pair) => ({ state: stateOf(pair), certificate: readCertificate(pair) }))
    this.#book = this.#createBook()
    this.#timer = setInterval(() => this.#look(), lookMs)
  }

  get fallback(): SecureContext {
    return this.#book.fallback
  }

  choose(serverName: string): SecureContext {
    return this.#book.choose(serverName)
  }

  #createBook(): CertificateBook {
    return createBook(this.#entries.map(({ certificate }) => certificate))
  }

  #look(): void {
    let isChanged = false
    for (const entry of this.#entries) {
      const { files } = entry.certificate
      // Before reading: the next poll detects a write during the read.
      const state = stateOf(files)
      if (state === entry.state) continue
      entry.state = state
      isChanged = this.#readAgain(entry) || isChanged
    }
    if (isChanged) this.#book = this.#createBook()
  }

  #readAgain(entry: { certificate: Certificate }): boolean {
    const { files } = entry.certificate
    try {
      const renewed = readCertificate(files)
      // Browsers would reject it: this is the wrong file.
      const nowMs = this.#now()
      if (isValidAt(entry.certificate, nowMs) && !isValidAt(renewed, nowMs))
        throw new CertificateError(`The certificate ${files.certFile} has expired, or is not valid yet.`)
      entry.certificate = renewed
      this.#log.info('certificate reloaded', { file: files.certFile })
      return true
    } catch (error) {
      const reason = (error as Error).message
      this.#log.error('new certificate cannot be used, keeping the old one', { reason })
      return false
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }
}

/** Changes when a file is replaced, written or deleted; follows links. Never throws. */
const stateOf = ({ certFile, keyFile }: CertificateFiles): string =>
  `${fileState(certFile)} ${fileState(keyFile)}`

function fileState(file: string): string {
  try {
    const { dev, ino, size, mtimeMs } = statSync(file)
    return `${dev}:${ino}:${size}:${mtimeMs}`
  } catch (error) {
    return String((error as NodeJS.ErrnoException).code)
  }
}
