import { Globe, Lock } from 'lucide-react'
import type { Instance, PublicRoute } from '../api/types.ts'
import { Section } from './section.tsx'

/** Who can reach what: the exposure of this instance as the gateway applies it. */
export function AccessTab({ instance }: { instance: Instance }) {
  const open = instance.public_routes
  return (
    <>
      <Section
        title="Public"
        intro={
          open.length > 0
            ? 'Anyone can open these paths, without signing in. Everything else is private.'
            : undefined
        }
      >
        {open.length === 0 ? <PrivateBox /> : <RouteList routes={open} />}
      </Section>
      <Section title="API keys" intro={keySentence(instance)}>
        {null}
      </Section>
    </>
  )
}

const PrivateBox = () => (
  <div className="flex items-center gap-3 rounded-xl bg-ok-soft px-4 py-3 text-sm text-ok">
    <Lock className="size-4 shrink-0" aria-hidden />
    Nothing is public. Only you can open this app.
  </div>
)

function RouteList({ routes }: { routes: PublicRoute[] }) {
  return (
    <ul className="divide-y divide-line rounded-xl border border-line">
      {routes.map((route) => (
        <li key={`${route.micro} ${route.pattern}`} className="flex items-center gap-3 px-4 py-2.5 text-sm">
          <Globe className="size-4 shrink-0 text-warn" aria-hidden />
          <code className="min-w-0 flex-1 overflow-x-auto font-mono text-[13px] whitespace-nowrap">
            {route.mount === '/' ? '' : route.mount}
            {route.pattern}
          </code>
          <span className="text-muted">{route.micro}</span>
        </li>
      ))}
    </ul>
  )
}

function keySentence({ micros }: Instance): string {
  const names = micros.filter((micro) => micro.api_keys).map((micro) => micro.name)
  if (names.length === 0)
    return 'Switched off. A micro accepts keys when its Spacefile says presets.api_keys: true.'
  return `Accepted by ${names.join(', ')}, in the header X-Space-App-Key.`
}
