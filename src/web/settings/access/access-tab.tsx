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
import { StrangersData } from './strangers-data.tsx'
import { Warnings } from './warnings.tsx'

/** Public routes with their use, private paths, keys and explanations. Every control here only restricts access. */
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
      {instance.public_routes.length > 0 && <StrangersData instance={instance} />}
      <Section title="API keys" intro={keySentence(surface)}>
        {null}
      </Section>
      <ExplainBox instance={instance} />
    </>
  )
}

const keySentence = ({ keys_on: micros }: Surface): string =>
  micros.length === 0
    ? 'Disabled. To accept keys, set presets.api_keys: true for a micro in the Spacefile.'
    : `Accepted by ${listed(micros)}, in the header X-Space-App-Key.`
