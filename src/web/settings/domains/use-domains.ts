import { useMutation } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import { domainsQuery, queryClient } from '../../api/queries.ts'

/** Changes to the domains of an app. Each one shows the state that the server returns. */
export function useDomains(instanceId: string) {
  const onSuccess = () => queryClient.invalidateQueries(domainsQuery(instanceId))
  const paramsOf = (domain: string) => ({ id: instanceId, domain })
  return {
    add: useMutation({
      mutationFn: (wanted: { name: string; assign_anyway: boolean }) =>
        api('POST /instances/:id/domains', { params: { id: instanceId }, body: wanted }),
      onSuccess,
    }),
    check: useMutation({
      mutationFn: ({ id, withoutProof }: { id: string; withoutProof: boolean }) =>
        api('POST /instances/:id/domains/:domain/check', {
          params: paramsOf(id),
          body: { without_proof: withoutProof },
        }),
      onSuccess,
    }),
    remove: useMutation({
      mutationFn: (id: string) => api('DELETE /instances/:id/domains/:domain', { params: paramsOf(id) }),
      onSuccess,
    }),
  }
}
