import { resolve } from 'node:path'
import type { EnvValue } from './env-values.ts'
import type { Instance } from './instances.ts'
import type { InstanceCredentials } from './credentials.ts'
import type { RevisionMicro } from '../projects/index.ts'
import type { BuiltMicro } from '../builds/index.ts'
import type { BuildId } from '../kernel/ids.ts'
import type { LoopbackRoute, MicroProcessSpec, ProcessRef } from '../runner/index.ts'

export type ProcessMicro = RevisionMicro & { readonly built: Extract<BuiltMicro, { kind: 'process' }> }

export const isProcess = (micro: RevisionMicro): micro is ProcessMicro => micro.built.kind === 'process'

export interface Revision {
  readonly credentials: InstanceCredentials
  /** Signs `X-Space-Identity`, which tells a micro who sent a request. */
  readonly identityKey: string
  readonly buildId: BuildId
  /** See `ProcessRegistry.runOf`. */
  readonly run: number
  readonly tag: string
  /** The instance's public host, with its port if it needs one. */
  readonly host: string
  /** See `AppHosts`. */
  readonly hairpin: LoopbackRoute | null
  /** Absolute; the paths of micros are below it. */
  readonly dir: string
  readonly envValues: readonly EnvValue[]
}

export function microSpec(micro: ProcessMicro, revision: Revision): MicroProcessSpec {
  const { credentials, buildId, run, dir, host, hairpin } = revision
  return {
    process: { instanceId: credentials.id, micro: micro.name, buildId, run },
    dir: resolve(dir, micro.built.dir),
    command: micro.built.command,
    ...(micro.built.tools ? { tools: micro.built.tools } : {}),
    ownHost: hairpin && { name: host.replace(/:\d+$/, ''), ...hairpin },
    env: { ...settings(micro, revision.envValues), ...micro.built.env, ...platformEnv(micro, revision) },
  }
}

/** The variables that the developer declared, with the owner's value or else the default (COMPAT 2.2). */
function settings(micro: RevisionMicro, values: readonly EnvValue[]): Record<string, string> {
  return Object.fromEntries(
    micro.env.map((preset) => {
      const set = values.find(({ micro: of, name }) => of === micro.name && name === preset.name)
      return [preset.name, set?.value ?? preset.default]
    }),
  )
}

/** The variables of COMPAT 4.1, and our own. Last, so that no preset can replace one of them. */
function platformEnv(
  micro: RevisionMicro,
  { credentials, identityKey, tag, host }: Revision,
): Record<string, string> {
  return {
    DETA_PROJECT_KEY: credentials.dataKey,
    DETA_API_KEY: credentials.internalKey,
    DETA_SPACE_APP: 'true',
    DETA_SPACE_APP_VERSION: tag,
    DETA_SPACE_APP_HOSTNAME: host,
    DETA_SPACE_APP_MICRO_NAME: micro.name,
    DETA_SPACE_APP_MICRO_TYPE: micro.primary ? 'primary' : 'normal',
    SPACE_IDENTITY_KEY: identityKey,
  }
}

/** The processes of an instance's revision, in one run. */
export const processesOf = (
  { id, buildId, micros }: Pick<Instance, 'id' | 'buildId' | 'micros'>,
  run: number,
): ProcessRef[] => micros.filter(isProcess).map(({ name }) => ({ instanceId: id, micro: name, buildId, run }))
