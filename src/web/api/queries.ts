import { QueryClient, queryOptions } from '@tanstack/react-query'
import { ApiError, api } from './client.ts'
import type { Domains } from './domain-types.ts'
import type { Explanation, Session, Surface } from './access-types.ts'
import type { AccessToken, ApiKey, Instance, LogLine, Status, Storage } from './types.ts'

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
  queryFn: () => api<Status>('GET', '/status'),
  staleTime: Infinity,
})

export const instancesQuery = queryOptions({
  queryKey: ['instances'],
  queryFn: async () => (await api<{ instances: Instance[] }>('GET', '/instances')).instances,
  // So that a push from a terminal appears.
  refetchInterval: 3_000,
})

export const accessQuery = (instanceId: string) =>
  queryOptions({
    queryKey: ['access', instanceId],
    queryFn: () => api<Surface>('GET', `/instances/${instanceId}/access`),
    // So that new uses appear.
    refetchInterval: 5_000,
  })

export const refusalQuery = (id: string) =>
  queryOptions({
    queryKey: ['refusal', id],
    queryFn: () => api<Explanation>('GET', `/refusals/${encodeURIComponent(id)}`),
    staleTime: Infinity,
  })

export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: async () => (await api<{ sessions: Session[] }>('GET', '/sessions')).sessions,
})

export const storageQuery = queryOptions({
  queryKey: ['storage'],
  queryFn: () => api<Storage>('GET', '/storage'),
  refetchInterval: 60_000,
})

export const keysQuery = (instanceId: string) =>
  queryOptions({
    queryKey: ['keys', instanceId],
    queryFn: async () => (await api<{ keys: ApiKey[] }>('GET', `/instances/${instanceId}/api_keys`)).keys,
  })

export const domainsQuery = (instanceId: string) =>
  queryOptions({
    queryKey: ['domains', instanceId],
    queryFn: () => api<Domains>('GET', `/instances/${instanceId}/domains`),
    // So that a successful check of the TXT record appears.
    refetchInterval: ({ state }) =>
      state.data?.domains.some(({ status }) => status === 'pending') ? 5_000 : false,
  })

export const logsQuery = (instanceId: string, micro: string | null) =>
  queryOptions({
    queryKey: ['logs', instanceId, micro],
    queryFn: async () => {
      const filter = micro ? `&micro=${encodeURIComponent(micro)}` : ''
      return (await api<{ logs: LogLine[] }>('GET', `/instances/${instanceId}/logs?limit=300${filter}`)).logs
    },
    refetchInterval: 3_000,
  })

export const accessTokensQuery = queryOptions({
  queryKey: ['access-tokens'],
  queryFn: async () => (await api<{ access_tokens: AccessToken[] }>('GET', '/access-tokens')).access_tokens,
})

/** `host` as this server serves it, or null: the text comes from the address and may be anything. */
export const servedNameQuery = (host: string | null) =>
  queryOptions({
    queryKey: ['served-name', host],
    queryFn: async () =>
      (await api<{ name: string | null }>('GET', `/served-names?host=${encodeURIComponent(host ?? '')}`))
        .name,
    enabled: host !== null,
    staleTime: Infinity,
  })
