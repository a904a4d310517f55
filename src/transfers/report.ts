/** So far, or in all. */
export interface ImportProgress {
  readonly items: number
  readonly files: number
  readonly bytes: number
  readonly bases: number
  readonly drives: number
  /** Entries that are no part of a collection. */
  readonly skipped: number
  readonly failed: number
  /** The first of them. */
  readonly failures: readonly string[]
}

/** Counts what an import has done. */
export class Report {
  readonly #namedFailures: number
  readonly #failures: string[] = []
  readonly #bases = new Set<string>()
  readonly #drives = new Set<string>()
  #items = 0
  #files = 0
  #bytes = 0
  #skipped = 0
  #failed = 0

  constructor(namedFailures: number) {
    this.#namedFailures = namedFailures
  }

  items(base: string, count: number): void {
    this.#bases.add(base)
    this.#items += count
  }

  file(drive: string): void {
    this.#drives.add(drive)
    this.#files += 1
  }

  bytes(count: number): void {
    this.#bytes += count
  }

  skip(): void {
    this.#skipped += 1
  }

  fail(what: string, reason: string): void {
    this.#failed += 1
    if (this.#failures.length < this.#namedFailures) this.#failures.push(`${what}: ${reason}`)
  }

  progress(): ImportProgress {
    return {
      items: this.#items,
      files: this.#files,
      bytes: this.#bytes,
      bases: this.#bases.size,
      drives: this.#drives.size,
      skipped: this.#skipped,
      failed: this.#failed,
      failures: [...this.#failures],
    }
  }
}
