import type { RequestHead } from '../../wire/index.ts'
import { newHeaderCache, type HeaderCache } from '../headers/header-cache.ts'

/**
 * A head that is kept while its connection is idle takes six times its size together with what is derived from it: 25 kB
 * at this bound, which is more than browsers send. Larger heads, kept for every connection, could fill the memory.
 */
const MAX_KEPT_HEAD_BYTES = 4_096

/** The last request of a connection, with what was derived from its header section, for requests that repeat the section. */
export class RepeatedHead {
  #last: { readonly request: RequestHead; readonly headerCache: HeaderCache } | null = null

  get request(): RequestHead | undefined {
    return this.#last?.request
  }

  /** The cache of this request's section: an earlier one if the section was repeated, octet for octet. */
  cacheFor(request: RequestHead): HeaderCache {
    const last = this.#last
    if (last?.request.section === request.section) {
      last.headerCache.isRepeated = true
      return last.headerCache
    }
    const headerCache = newHeaderCache()
    this.#last = request.byteLength <= MAX_KEPT_HEAD_BYTES ? { request, headerCache } : null
    return headerCache
  }
}
