import { Lock } from 'lucide-react'
import type { Instance, SurfaceRoute } from '../../../contract/index.ts'
import { Section } from '../section.tsx'
import { RouteRow } from './route-row.tsx'

/** Every public rule with its switch, closed ones included. */
export function PublicRoutes({ instance, routes }: { instance: Instance; routes: readonly SurfaceRoute[] }) {
  const open = routes.filter(({ state }) => state === 'open')
  return (
    <Section
      title="Public"
      intro={
        open.length > 0 &&
        'Anyone can open the routes that are switched on, without signing in. Everything else is private.'
      }
    >
      <div className="space-y-3">
        {open.length === 0 && <PrivateBox />}
        {routes.length > 0 && (
          <ul aria-label="Public routes" className="divide-y divide-line rounded-xl border border-line">
            {inPlace(routes).map((route) => (
              <RouteRow
                key={`${route.micro} ${route.from} ${route.pattern}`}
                instance={instance}
                route={route}
              />
            ))}
          </ul>
        )}
      </div>
    </Section>
  )
}

/** Sorted by address, so that a route keeps its place when it is closed. */
const inPlace = (routes: readonly SurfaceRoute[]) =>
  routes.toSorted((a, b) => a.outside.localeCompare(b.outside))

const PrivateBox = () => (
  <div className="flex items-center gap-3 rounded-xl bg-ok-soft px-4 py-3 text-sm text-ok">
    <Lock className="size-4 shrink-0" aria-hidden />
    Nothing is public. Only you can open this app.
  </div>
)
