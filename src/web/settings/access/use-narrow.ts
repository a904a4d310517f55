import { useMutation } from '@tanstack/react-query'
import type { Surface } from '../../../contract/index.ts'
import { api } from '../../api/client.ts'
import { accessQuery, instancesQuery, queryClient } from '../../api/queries.ts'
import type { Change } from './overrides.ts'

interface Narrowing {
  readonly change: Change
  /** What to show until the answer is here. Only for what takes a right away: nothing looks open before it is. */
  readonly preview?: (surface: Surface) => Surface
}

/** Sends changes to what the owner has narrowed, one after the other, each made upon the answer to the last. */
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
    // The truth, whatever it is, in place of what was shown early.
    onError: () => queryClient.invalidateQueries({ queryKey }),
  })
}
