import { useMutation } from '@tanstack/react-query'
import type { Surface } from '../../../contract/index.ts'
import { api } from '../../api/client.ts'
import { accessQuery, instancesQuery, queryClient } from '../../api/queries.ts'
import type { Change } from './overrides.ts'

interface Narrowing {
  readonly change: Change
  /** Shown until the server responds. Only for changes that restrict: nothing may look open before it is. */
  readonly preview?: (surface: Surface) => Surface
}

/** Sends changes to the owner's overrides one after the other, each based on the response to the last one. */
export function useNarrow(instanceId: string) {
  const { queryKey } = accessQuery(instanceId)
  return useMutation({
    scope: { id: `narrow ${instanceId}` },
    async onMutate({ preview }: Narrowing) {
      await queryClient.cancelQueries({ queryKey })
      if (preview) queryClient.setQueryData(queryKey, (surface) => surface && preview(surface))
    },
    mutationFn: async ({ change }: Narrowing) => {
      const surface =
        queryClient.getQueryData(queryKey) ?? (await queryClient.fetchQuery(accessQuery(instanceId)))
      return await api('PUT /instances/:id/access/overrides', {
        params: { id: instanceId },
        body: { overrides: change(surface.overrides) },
      })
    },
    onSuccess(surface) {
      queryClient.setQueryData(queryKey, surface)
      void queryClient.invalidateQueries(instancesQuery)
    },
    // The state on the server replaces the preview.
    onError: () => queryClient.invalidateQueries({ queryKey }),
  })
}
