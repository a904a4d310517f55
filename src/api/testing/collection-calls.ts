import type { CollectionCalls } from '../../collections/index.ts'
import { DATA_LIMITS, type DataServices } from '../../data/index.ts'
import type { Logger } from '../../kernel/log.ts'
import { openDataServices } from '../../processes/data-services.ts'

/** Base and Drive in this process, opened by the first call; what is missing is the socket between two processes. */
export function openCollectionCalls(options: {
  readonly collectionsDir: string
  readonly log: Logger
}): CollectionCalls & AsyncDisposable {
  let opened: (DataServices & AsyncDisposable) | null = null
  const services = () => (opened ??= openDataServices({ ...options, limits: DATA_LIMITS, minFreeBytes: 0 }))
  return {
    async call({ service, collectionId, name, method, path, headers, body, signal }) {
      const [before = '', query = ''] = path.split('?', 2)
      const init: RequestInit = { method, headers, body, signal }
      const request = new Request('http://data/', init)
      return services()[service].handle({ request, collectionId, name, path: before, query, mayWrite: true })
    },
    async [Symbol.asyncDispose]() {
      await opened?.[Symbol.asyncDispose]()
    },
  }
}
