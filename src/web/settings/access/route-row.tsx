import { Globe, Lock } from 'lucide-react'
import { useState } from 'react'
import type { Instance, SurfaceRoute } from '../../../contract/index.ts'
import { Button } from '../../ui/button.tsx'
import { Confirm } from '../../ui/confirm.tsx'
import { ago, count, day, listed } from '../../ui/format.ts'
import { Notice } from '../../ui/notice.tsx'
import { Switch } from '../../ui/switch.tsx'
import { close, reopen, withClosed } from './overrides.ts'
import { useNarrow } from './use-narrow.ts'

/** One public rule: what it opens, since when, and its use. Closing takes one click; reopening asks for confirmation. */
export function RouteRow({ instance, route }: { instance: Instance; route: SurfaceRoute }) {
  const narrow = useNarrow(instance.id)
  const [isAsking, setAsking] = useState(false)
  const isOpen = route.state === 'open'
  const closeNow = () =>
    narrow.mutate({ change: close(route), preview: (surface) => withClosed(surface, route) })
  const Icon = isOpen ? Globe : Lock
  return (
    <li className="px-4 py-3 text-sm">
      <div className="flex items-start gap-3">
        <Icon className={`mt-1 size-4 shrink-0 ${isOpen ? 'text-warn' : 'text-muted'}`} aria-hidden />
        <div className="min-w-0 flex-1">
          <code className={`block font-mono text-[13px] leading-6 break-all ${isOpen ? '' : 'text-muted'}`}>
            {route.outside}
          </code>
          <Examples route={route} />
          <p className="text-[13px] leading-5 text-muted">
            {[...placeOf(route, instance), ...(narrow.isPending ? ['saving …'] : historyOf(route))].join(
              ' · ',
            )}
          </p>
        </div>
        <Switch
          label={`${route.outside} is public`}
          isOn={isOpen}
          isBusy={narrow.isPending}
          onChange={(isOn) => (isOn ? setAsking(true) : closeNow())}
        />
      </div>
      {route.advice === 'unused' && isOpen && <Advice route={route} onClose={closeNow} />}
      {isAsking && !isOpen && (
        <Confirm
          action="Reopen"
          cancel="Keep closed"
          onCancel={() => setAsking(false)}
          onConfirm={() => narrow.mutateAsync({ change: reopen(route) })}
        >
          Anyone will be able to open <OpenedPaths route={route} /> without signing in.
        </Confirm>
      )}
      {narrow.error && (
        <div className="mt-3">
          <Notice tone="danger">{narrow.error.message}</Notice>
        </div>
      )}
    </li>
  )
}

const morePaths = ({ outside, examples }: SurfaceRoute) => examples.filter((path) => path !== outside)

const Examples = ({ route }: { route: SurfaceRoute }) => {
  const paths = morePaths(route)
  return (
    paths.length > 0 && (
      <p className="text-[13px] leading-5 break-all text-muted">such as {paths.join(', ')}</p>
    )
  )
}

const OpenedPaths = ({ route }: { route: SurfaceRoute }) => {
  const paths = morePaths(route)
  return (
    <>
      <code className="font-mono text-[13px] break-all">{route.outside}</code>
      {paths.length > 0 && `, such as ${listed(paths)},`}
    </>
  )
}

const placeOf = ({ micro, from }: SurfaceRoute, { micros }: Instance): string[] => [
  ...(micros.length > 1 ? [micro] : []),
  ...(from === micro ? [] : [`rule of ${from}`]),
]

function historyOf({ state, since, last_used_at: last, uses }: SurfaceRoute): string[] {
  if (state === 'closed') return ['closed by you: requests without sign-in get 401']
  return [
    ...(since ? [`open since ${day(since)}`] : []),
    last ? `${count(uses, 'use')}, last ${ago(last)}` : 'never used',
  ]
}

function Advice({ route, onClose }: { route: SurfaceRoute; onClose: () => void }) {
  return (
    <div className="mt-2.5 ml-7 flex flex-wrap items-center justify-between gap-x-4 gap-y-2 rounded-xl bg-warn-soft py-1.5 pr-1.5 pl-3.5 text-warn">
      <span className="leading-5">{adviceOn(route)} Close this route?</span>
      <Button
        look="quiet"
        onClick={onClose}
        aria-label={`Close ${route.outside}`}
        className="ml-auto h-8 bg-card text-warn hover:text-warn"
      >
        Close
      </Button>
    </div>
  )
}

function adviceOn({ since, last_used_at }: SurfaceRoute): string {
  if (last_used_at) return `Not used since ${day(last_used_at)}.`
  const days = since ? Math.floor((Date.now() - Date.parse(since)) / 86_400_000) : 0
  return days > 0 ? `Open for ${count(days, 'day')}, never used.` : 'Never used.'
}
