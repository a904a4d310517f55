import type { CollectionCalls } from '../../collections/index.ts'
import { DATA_LIMITS } from '../../data/index.ts'
import type { Logger } from '../../kernel/log.ts'
import { type OpenDataServices, openDataServices } from '../../processes/data-services.ts'
import type { DataAccess } from '../../transfers/index.ts'

/** Base and Drive in this process, opened by the first call; what is missing is the socket between two processes. */
export function openCollectionCalls(options: {
  readonly collectionsDir: string
  readonly log: Logger
}): CollectionCalls & DataAccess & AsyncDisposable {
  let opened: Promise<OpenDataServices> | null = null
  const services = () => (opened ??= openDataServices({ ...options, limits: DATA_LIMITS, minFreeBytes: 0 }))
  return {
    async call({ service, collectionId, name, method, path, headers, body, signal }) {
      const [before = '', query = ''] = path.split('?', 2)
      const init: RequestInit = { method, headers, body, signal }
      const request = new Request('http://data/', init)
      return (await services())[service].handle({
        request,
        collectionId,
        name,
        path: before,
        query,
        mayWrite: true,
      })
    },
    async names(id) {
      const { base, drive } = await services()
      return { bases: await base.names(id), drives: await drive.names(id) }
    },
    move: async (id, to) => await (await services()).places.move(id, to),
    async [Symbol.asyncDispose]() {
      await (await opened)?.[Symbol.asyncDispose]()
    },
  }
}
