import { useMutation, useQuery } from '@tanstack/react-query'
import { api } from '../api/client.ts'
import { queryClient, sessionsQuery } from '../api/queries.ts'
import { Section } from '../settings/section.tsx'
import { Button } from '../ui/button.tsx'
import { Loading } from '../ui/loading.tsx'
import { Notice } from '../ui/notice.tsx'
import { Problem } from '../ui/problem.tsx'
import { SessionRow } from './session-row.tsx'

const refresh = () => queryClient.invalidateQueries(sessionsQuery)

/** Where a person is signed in. Signing a device out ends its sessions with every app as well. */
export function Sessions() {
  const { data: sessions, error, refetch } = useQuery(sessionsQuery)
  const endOthers = useMutation({ mutationFn: () => api('DELETE /sessions'), onSuccess: refresh })
  const others = sessions?.filter((session) => !session.is_current) ?? []
  const button = others.length > 0 && (
    <Button onClick={() => endOthers.mutate()} isBusy={endOthers.isPending}>
      Sign out everywhere else
    </Button>
  )
  return (
    <Section title="Devices" intro="Devices and apps where you are signed in." action={button}>
      <div className="space-y-3">
        {endOthers.error && <Notice tone="danger">{endOthers.error.message}</Notice>}
        {!sessions && !error && <Loading rows={2} />}
        {!sessions && error && <Problem error={error} onRetry={() => void refetch()} />}
        {sessions && (
          <ul aria-label="Devices" className="divide-y divide-line rounded-xl border border-line bg-card">
            {sessions.map((session) => (
              <SessionRow key={session.id} session={session} onEnded={refresh} />
            ))}
          </ul>
        )}
      </div>
    </Section>
  )
}
