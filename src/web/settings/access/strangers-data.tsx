import { useMutation, useQuery } from '@tanstack/react-query'
import type { DataForStrangers, Instance } from '../../../contract/index.ts'
import { api } from '../../api/client.ts'
import { queryClient, strangersDataQuery } from '../../api/queries.ts'
import { Notice } from '../../ui/notice.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Switch } from '../../ui/switch.tsx'
import { Section } from '../section.tsx'

/** Whether the app may change its data while it answers a stranger. Limits to some Bases are set by the command line. */
export function StrangersData({ instance }: { instance: Instance }) {
  const query = strangersDataQuery(instance.id)
  const { data, error, refetch } = useQuery(query)
  const change = useMutation({
    mutationFn: (limits: DataForStrangers | null) =>
      api('PUT /instances/:id/access/data', { params: { id: instance.id }, body: { limits } }),
    onSuccess: (answer) => queryClient.setQueryData(query.queryKey, answer),
  })
  if (error && !data) return <Problem error={error} onRetry={() => void refetch()} />
  if (!data) return null
  const mayChange = data.limits?.read_only !== true
  return (
    <Section
      title="Data for strangers"
      intro="Whether the app may change its data while it answers a public route. The app must pass on X-Space-Identity; otherwise it is not limited."
      action={
        <Switch
          label="Strangers may change data"
          isOn={mayChange}
          isBusy={change.isPending}
          onChange={(isOn) => change.mutate(isOn ? writing(data.limits) : reading(data.limits))}
        />
      }
    >
      {change.error && <Notice tone="danger">{change.error.message}</Notice>}
    </Section>
  )
}

const ALL = { bases: null, drives: null, needs_identity: false } as const

const reading = (limits: DataForStrangers | null): DataForStrangers => ({
  ...(limits ?? ALL),
  read_only: true,
})

/** Limits to some Bases and Drives stay. */
const writing = (limits: DataForStrangers | null): DataForStrangers | null =>
  limits === null || (limits.bases === null && limits.drives === null)
    ? null
    : { ...limits, read_only: false }
