import type * as contract from '../../contract/index.ts'
import type { AppHosts, EnvValue, Instance, InstanceService } from '../../instances/index.ts'
import type { RevisionMicro } from '../../projects/index.ts'
import { isoTime } from '../../kernel/iso-time.ts'

export interface InstanceViewContext {
  readonly hosts: AppHosts
  readonly instances: Pick<InstanceService, 'statusOf'>
}

/** An instance as the API shows it to its owner. `values`: the values that the owner has set. */
export function instanceAnswer(
  { hosts, instances }: InstanceViewContext,
  instance: Instance,
  values: readonly EnvValue[] = [],
): contract.Instance {
  const iconUrl =
    instance.iconType && `/api/v0/instances/${instance.id}/icon?revision=${instance.revisionTag}`
  return {
    id: instance.id,
    app_id: instance.appId,
    app_name: instance.appName,
    alias: instance.alias,
    url: hosts.origin(instance.alias),
    collection_id: instance.collectionId,
    channel: instance.channel,
    status: instances.statusOf(instance),
    revision_tag: instance.revisionTag,
    icon_url: iconUrl,
    updated_at: isoTime(instance.updatedAtMs),
    api_keys_enabled: instance.micros.some(({ apiKeys }) => apiKeys),
    public_routes: instance.micros.flatMap(publicRoutes),
    micros: instance.micros.map((micro) => microAnswer(micro, values)),
    // The shape that older clients read (COMPAT 3.9).
    release: {
      id: instance.releaseId,
      app_name: instance.appName,
      channel: instance.channel,
      icon_url: iconUrl,
      short_description: '',
    },
  }
}

const publicRoutes = ({ name, mount, publicRoutes }: RevisionMicro) =>
  publicRoutes.map((pattern) => ({ micro: name, mount, pattern }))

/** `presets.env` is sent even when it is empty: clients crash without it (COMPAT 3.7). */
const microAnswer = (micro: RevisionMicro, values: readonly EnvValue[]): contract.Micro => ({
  id: micro.name,
  name: micro.name,
  primary: micro.primary,
  engine: micro.engine,
  mount: micro.mount,
  api_keys: micro.apiKeys,
  presets: {
    env: micro.env.map((preset) => {
      const set = values.find(({ micro: of, name }) => of === micro.name && name === preset.name)
      return {
        name: preset.name,
        description: preset.description,
        value: set?.value ?? preset.default,
        default: preset.default,
        default_set: set === undefined,
      }
    }),
  },
})
