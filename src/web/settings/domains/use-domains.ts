import { useMutation } from '@tanstack/react-query'
import { api } from '../../api/client.ts'
import type { Domain } from '../../api/domain-types.ts'
import { domainsQuery, queryClient } from '../../api/queries.ts'

/** Changes to the domains of an app. Each one shows the state that the server returns. */
export function useDomains(instanceId: string) {
  const path = `/instances/${instanceId}/domains`
  const onSuccess = () => queryClient.invalidateQueries(domainsQuery(instanceId))
  return {
    add: useMutation({
      mutationFn: (wanted: { name: string; assign_anyway: boolean }) => api<Domain>('POST', path, wanted),
      onSuccess,
    }),
    check: useMutation({
      mutationFn: ({ id, withoutProof }: { id: string; withoutProof: boolean }) =>
        api<Domain>('POST', `${path}/${id}/check`, { without_proof: withoutProof }),
      onSuccess,
    }),
    remove: useMutation({ mutationFn: (id: string) => api('DELETE', `${path}/${id}`), onSuccess }),
  }
}
