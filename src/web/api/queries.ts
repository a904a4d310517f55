import { QueryClient, queryOptions } from '@tanstack/react-query'
import { ApiError, api } from './client.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
})

export const statusQuery = queryOptions({
  queryKey: ['status'],
  queryFn: () => api('GET /status'),
  staleTime: Infinity,
})

export const instancesQuery = queryOptions({
  queryKey: ['instances'],
  queryFn: async () => (await api('GET /instances', { query: {} })).instances,
  // So that a push from a terminal appears.
  refetchInterval: 3_000,
})

export const accessQuery = (instanceId: string) =>
  queryOptions({
    queryKey: ['access', instanceId],
    queryFn: () => api('GET /instances/:id/access', { params: { id: instanceId } }),
    // So that new uses appear.
    refetchInterval: 5_000,
  })

export const strangersDataQuery = (instanceId: string) =>
  queryOptions({
    queryKey: ['data for strangers', instanceId],
    queryFn: () => api('GET /instances/:id/access/data', { params: { id: instanceId } }),
  })

export const refusalQuery = (id: string) =>
  queryOptions({
    queryKey: ['refusal', id],
    queryFn: () => api('GET /refusals/:id', { params: { id } }),
    staleTime: Infinity,
  })

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async () => (await api('GET /sessions')).sessions,
})

export const storageQuery = queryOptions({
  queryKey: ['storage'],
  queryFn: () => api('GET /storage'),
  refetchInterval: 60_000,
})

export const keysQuery = (instanceId: string) =>
  queryOptions({
    queryKey: ['keys', instanceId],
    queryFn: async () => (await api('GET /instances/:id/api_keys', { params: { id: instanceId } })).keys,
  })

export const domainsQuery = (instanceId: string) =>
  queryOptions({
    queryKey: ['domains', instanceId],
    queryFn: () => api('GET /instances/:id/domains', { params: { id: instanceId } }),
    // So that a successful check of the TXT record appears.
    refetchInterval: ({ state }) =>
      state.data?.domains.some(({ status }) => status === 'pending') ? 5_000 : false,
  })

export const logsQuery = (instanceId: string, micro: string | null) =>
  queryOptions({
    queryKey: ['logs', instanceId, micro],
    queryFn: async () => {
      const query = { limit: 300, micro: micro ?? undefined }
      return (await api('GET /instances/:id/logs', { params: { id: instanceId }, query })).logs
    },
    refetchInterval: 3_000,
  })

export const accessTokensQuery = queryOptions({
  queryKey: ['access-tokens'],
  queryFn: async () => (await api('GET /access-tokens')).access_tokens,
})

/** `host` as this server serves it, or null: the text comes from the address and may be anything. */
export const servedNameQuery = (host: string | null) =>
  queryOptions({
    queryKey: ['served-name', host],
    queryFn: async () => (await api('GET /served-names', { query: { host: host ?? '' } })).name,
    enabled: host !== null,
    staleTime: Infinity,
  })
