import { useQuery } from '@tanstack/react-query'
import { accessQuery } from '../../api/queries.ts'
import type { Instance, Surface } from '../../../contract/index.ts'
import { listed } from '../../ui/format.ts'
import { Loading } from '../../ui/loading.tsx'
import { Problem } from '../../ui/problem.tsx'
import { Section } from '../section.tsx'
import { ExplainBox } from './explain-box.tsx'
import { PrivatePatterns } from './private-patterns.tsx'
import { PublicRoutes } from './public-routes.tsx'
import { Warnings } from './warnings.tsx'

/** Who can reach what, since when, and whether anybody came; and everything that makes it less. */
export function AccessTab({ instance }: { instance: Instance }) {
  const { data: surface, error, refetch } = useQuery(accessQuery(instance.id))
  if (error && !surface) return <Problem error={error} onRetry={() => void refetch()} />
  if (!surface)
    return (
      <Section title="Public">
        <Loading rows={3} />
      </Section>
    )
  return (
    <>
      <Warnings warnings={surface.warnings} />
      <PublicRoutes instance={instance} routes={surface.routes} />
      <PrivatePatterns instance={instance} patterns={surface.private} />
      <Section title="API keys" intro={keySentence(surface)}>
        {null}
      </Section>
      <ExplainBox instance={instance} />
    </>
  )
}

const keySentence = ({ keys_on: micros }: Surface): string =>
  micros.length === 0
    ? 'Switched off. A micro accepts keys when its Spacefile says presets.api_keys: true.'
    : `Accepted by ${listed(micros)}, in the header X-Space-App-Key.`
