import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isDiskFull } from '../disk/index.ts'

/** The official client's line reader gives up at 64 KiB (COMPAT 3.5). */
const LINE_MAX_CHARS = 16_000
const CHUNK_BYTES = 64 * 1024

export interface LogWriter {
  /** Writes one line. Line breaks in `text` become spaces. */
  line(text: string): void
  /** Ends the log: readers that follow it get the rest and then the end. */
  end(): void
}

/**
 * Logs of builds, releases and installations, one file each. Any number of readers may follow a log while it is written:
 * each is notified of new lines and reads them from the file, so none is kept in memory or lost. Disposing ends the logs
 * that are being written.
 */
export class LogStore implements Disposable {
  readonly #folder: string
  readonly #maxBytes: number
  readonly #open = new Map<string, OpenLog>()

  /**
   * `folder` exists, and no other part writes to it. `maxBytes` bounds each log, so that a build that never stops
   * printing does not fill the disk.
   */
  constructor(folder: string, maxBytes: number) {
    this.#folder = folder
    this.#maxBytes = maxBytes
  }

  /** Begins the log of `id`. Throws when there is one already. */
  begin(id: string): LogWriter {
    const log = new OpenLog(this.#pathOf(id), this.#maxBytes)
    this.#open.set(id, log)
    return {
      line: (text) => log.line(text),
      end: () => {
        this.#open.delete(id)
        log.end()
      },
    }
  }

  /** The log so far, and with `follow` on until it ends. Empty when there is none. */
  read(id: string, { follow }: { follow: boolean }): ReadableStream<Uint8Array> {
    const file = openIfThere(this.#pathOf(id))
    if (file === null) return new Blob([]).stream()
    const close = once(() => closeSync(file))
    let offset = 0
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        for (;;) {
          // Looked up before reading: a log that ends in between is read once more.
          const log = follow ? this.#open.get(id) : undefined
          const chunk = new Uint8Array(CHUNK_BYTES)
          const count = readSync(file, chunk, 0, CHUNK_BYTES, offset)
          offset += count
          if (count > 0) return controller.enqueue(chunk.subarray(0, count))
          if (!log) {
            close()
            return controller.close()
          }
          await log.changed()
        }
      },
      cancel: close,
    })
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) await rm(this.#pathOf(id), { force: true })
  }

  [Symbol.dispose](): void {
    for (const log of this.#open.values()) log.end()
    this.#open.clear()
  }

  #pathOf(id: string): string {
    return join(this.#folder, `${id}.log`)
  }
}

class OpenLog {
  /** Null: the disk was full when the log began. */
  readonly #file: number | null
  readonly #maxBytes: number
  #bytes = 0
  #hasGap = false
  #isEnded = false
  #change = Promise.withResolvers<void>()

  constructor(path: string, maxBytes: number) {
    this.#maxBytes = maxBytes
    this.#file = onFullDisk(() => openSync(path, 'ax', 0o600))
  }

  line(text: string): void {
    if (this.#isEnded || this.#bytes > this.#maxBytes) return
    this.#write(text.replace(/[\r\n]+/g, ' ').slice(0, LINE_MAX_CHARS))
    if (this.#bytes > this.#maxBytes) this.#write('(the log is too long; the rest is dropped)')
  }

  end(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    if (this.#file !== null) closeSync(this.#file)
    this.#wakeReaders()
  }

  /** Resolves at the next line or at the end. */
  changed(): Promise<void> {
    return this.#isEnded ? Promise.resolve() : this.#change.promise
  }

  /** A full disk drops lines rather than end a build; the next line that fits reports the gap. */
  #write(line: string): void {
    const file = this.#file
    if (file === null) return
    const text = this.#hasGap ? `\n(lines are missing here: the disk was full)\n${line}\n` : `${line}\n`
    const written = onFullDisk(() => writeSync(file, text)) ?? 0
    this.#hasGap = written < Buffer.byteLength(text)
    this.#bytes += written
    this.#wakeReaders()
  }

  #wakeReaders(): void {
    const { resolve } = this.#change
    this.#change = Promise.withResolvers<void>()
    resolve()
  }
}

/** Null when the disk is full. */
function onFullDisk<Result>(write: () => Result): Result | null {
  try {
    return write()
  } catch (error) {
    if (isDiskFull(error)) return null
    throw error
  }
}

function openIfThere(path: string): number | null {
  try {
    return openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function once(action: () => void): () => void {
  let isDone = false
  return () => {
    if (isDone) return
    isDone = true
    action()
  }
}
