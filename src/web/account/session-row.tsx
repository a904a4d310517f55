import { useMutation } from '@tanstack/react-query'
import { Monitor, Smartphone } from 'lucide-react'
import type { Session } from '../../contract/index.ts'
import { api } from '../api/client.ts'
import { Button } from '../ui/button.tsx'
import { ago, day } from '../ui/format.ts'
import { Notice } from '../ui/notice.tsx'

export function SessionRow({ session, onEnded }: { session: Session; onEnded: () => Promise<void> }) {
  const end = useMutation({
    mutationFn: () => api('DELETE /sessions/:id', { params: { id: session.id } }),
    onSuccess: onEnded,
  })
  const Icon = /android|iphone|ipad|ios/i.test(session.device) ? Smartphone : Monitor
  return (
    <li className="px-4 py-3 text-sm">
      <div className="flex items-center gap-3.5">
        <Icon className="size-5 shrink-0 text-muted" aria-hidden />
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-x-2 font-medium">
            <span className="min-w-0 break-words">{session.device}</span>
            {session.is_current && <Here />}
          </p>
          <p className="text-[13px] leading-5 text-muted">
            {session.is_current ? '' : `last seen ${ago(session.last_seen_at)} · `}
            since {day(session.created_at)}
          </p>
          {session.apps.length > 0 && (
            <p className="text-[13px] leading-5 break-words text-muted">
              {session.apps.map(({ alias }) => alias).join(', ')}
            </p>
          )}
        </div>
        {!session.is_current && (
          <Button
            look="quiet"
            aria-label={`Sign out ${session.device}`}
            isBusy={end.isPending}
            onClick={() => end.mutate()}
            className="h-9 px-3"
          >
            Sign out
          </Button>
        )}
      </div>
      {end.error && (
        <div className="mt-3">
          <Notice tone="danger">{end.error.message}</Notice>
        </div>
      )}
    </li>
  )
}

const Here = () => (
  <span className="rounded-md bg-ok-soft px-1.5 py-0.5 text-[11px] leading-4 font-semibold text-ok">
    This device
  </span>
)
