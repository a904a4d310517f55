import type { DataKeyRecord } from '../../directory/index.ts'
import type { ServiceName } from '../services.ts'
import { isExpired, opens } from './data-key.ts'

/** The right that a call began with has ended. */
class Revoked extends Error {
  override readonly name = 'Revoked'
}

/** A call under way that a data key admitted. */
export class OpenCall {
  #isCut = false
  #onCut: (() => void) | null = null

  constructor(
    readonly key: DataKeyRecord,
    readonly service: ServiceName,
    readonly name: string,
  ) {}

  /** The key was revoked, or opens less than before. */
  get isCut(): boolean {
    return this.#isCut
  }

  cut(): void {
    this.#isCut = true
    this.#onCut?.()
  }

  /** The same promise, but rejected as soon as the call is cut. One at a time. */
  guard<T>(work: Promise<T>): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    const cut = () => reject(new Revoked('the data key was revoked'))
    if (this.#isCut) cut()
    else this.#onCut = cut
    work.then(resolve, reject)
    return promise
  }
}

/** Looks up keys as they are now. */
export interface CurrentKeys {
  findById(id: string): DataKeyRecord | null
}

/** The calls under way that keys admitted, by collection. */
export class OpenCalls {
  readonly #keys: CurrentKeys
  readonly #now: () => number
  readonly #calls = new Map<string, Set<OpenCall>>()

  constructor(keys: CurrentKeys, now: () => number) {
    this.#keys = keys
    this.#now = now
  }

  add(call: OpenCall): void {
    const { collectionId } = call.key
    const calls = this.#calls.get(collectionId)
    if (calls === undefined) this.#calls.set(collectionId, new Set([call]))
    else calls.add(call)
  }

  remove(call: OpenCall): void {
    const { collectionId } = call.key
    const calls = this.#calls.get(collectionId)
    if (calls?.delete(call) === true && calls.size === 0) this.#calls.delete(collectionId)
  }

  /** Cuts the calls whose key no longer admits them. Null: of any collection. */
  recheck(collectionId: string | null): void {
    const sets = collectionId === null ? this.#calls.values() : [this.#calls.get(collectionId) ?? []]
    for (const calls of sets) for (const call of calls) if (!this.isAdmitted(call)) call.cut()
  }

  isAdmitted({ key, service, name }: OpenCall): boolean {
    const now = this.#keys.findById(key.id)
    if (now === null || isExpired(now, this.#now()) || !opens(now, service, name)) return false
    return now.mayWrite || !key.mayWrite
  }
}
