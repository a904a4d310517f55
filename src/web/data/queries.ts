import { queryOptions } from '@tanstack/react-query'
import { api } from '../api/client.ts'

export interface CollectionNames {
  readonly bases: readonly string[]
  readonly drives: readonly string[]
}

export const collectionsQuery = queryOptions({
  queryKey: ['collections'],
  queryFn: async () => (await api('GET /collections')).collections,
})

/** With its size. */
export const collectionQuery = (id: string) =>
  queryOptions({
    queryKey: ['collections', id],
    queryFn: () => api('GET /collections/:id', { params: { id } }),
  })

/** The Bases and Drives of a collection. */
export const namesQuery = (id: string) =>
  queryOptions({
    queryKey: ['collections', id, 'names'],
    queryFn: async (): Promise<CollectionNames> => {
      const params = { id }
      const [{ bases }, { drives }] = await Promise.all([
        api('GET /collections/:id/bases', { params }),
        api('GET /collections/:id/drives', { params }),
      ])
      return { bases: bases.map(({ name }) => name), drives: drives.map(({ name }) => name) }
    },
    // So that the first Base of an app appears.
    refetchInterval: 10_000,
  })

export const dataKeysQuery = (id: string) =>
  queryOptions({
    queryKey: ['collections', id, 'keys'],
    queryFn: async () => (await api('GET /collections/:id/keys', { params: { id } })).keys,
  })
