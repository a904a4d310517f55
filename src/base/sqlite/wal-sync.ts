import { type FileHandle, open, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { syncFile } from '../../kernel/durable.ts'
import { unusable } from './errors.ts'

/** Between looks whether the file still has its name. */
const LOOK_EVERY_MS = 1_000

/** Brings the log of a SQLite file to the disk, on the thread pool. */
export class WalSync implements AsyncDisposable {
  readonly #path: string
  readonly #inode: number
  readonly #log: FileHandle
  #lookAt = 0

  private constructor(path: string, inode: number, log: FileHandle) {
    this.#path = path
    this.#inode = inode
    this.#log = log
  }

  /** After the first statement of a connection, which makes the log. Its name is on the disk when this resolves. */
  static async open(path: string): Promise<WalSync> {
    const { ino } = await stat(path)
    const log = await open(`${path}-wal`, 'r+')
    try {
      await syncFile(dirname(path))
      return new WalSync(path, ino, log)
    } catch (error) {
      await log.close()
      throw error
    }
  }

  /** Rejects when the disk failed, or when the file was deleted or replaced: what was written would be lost. */
  async sync(): Promise<void> {
    await this.#log.datasync()
    if (performance.now() < this.#lookAt) return
    this.#lookAt = performance.now() + LOOK_EVERY_MS
    const found = await stat(this.#path).catch(() => null)
    if (found?.ino !== this.#inode)
      throw unusable('The database of this collection was deleted or replaced while it was open.')
  }

  async bytes(): Promise<number> {
    return (await this.#log.stat()).size
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#log.close()
  }
}
