import { resolve } from 'node:path'
import { type Instance, effectiveMicros } from './instances.ts'
import type { RevisionMicro } from '../projects/index.ts'
import type { InstanceEntry, MicroEntry, UpstreamAddress, UpstreamEntry } from '../directory/index.ts'
import type { Folders } from '../storage/index.ts'
import type { AppHosts } from './app-hosts.ts'
import type { ProcessRef } from '../runner/index.ts'

export interface EntryContext {
  readonly hosts: AppHosts
  readonly folders: Folders
  /** See `ProcessRegistry.runOf`. */
  readonly run: number
  /** Where a process listens; null while it does not run. */
  readonly addressOf: (process: ProcessRef) => UpstreamAddress | null
}

export function instanceEntry(instance: Instance, context: EntryContext): InstanceEntry {
  return {
    id: instance.id,
    appName: instance.appName,
    hosts: [context.hosts.hostName(instance.alias), ...customHosts(instance, context.hosts)],
    userIds: [instance.ownerId],
    internalKeyDigest: instance.internalKeyDigest,
    collectionId: instance.collectionId,
    isDevelopment: instance.channel === 'development',
    addsRuntime: instance.autoPwa,
    micros: effectiveMicros(instance).map((micro) => microEntry(instance, micro, context)),
  }
}

/**
 * The custom domains under which an instance answers, without those that lie below the currently configured domain of
 * this server: such a name could be the built-in host of another app.
 */
export const customHosts = ({ domains }: Pick<Instance, 'domains'>, hosts: AppHosts): string[] =>
  domains.filter((name) => !hosts.isReserved(name))

function microEntry(instance: Instance, micro: RevisionMicro, context: EntryContext): MicroEntry {
  return {
    name: micro.name,
    primary: micro.primary,
    mount: micro.mount,
    publicRoutes: micro.publicRoutes,
    privateRoutes: micro.privateRoutes,
    apiKeys: micro.apiKeys,
    upstream: upstreamEntry(instance, micro, context),
  }
}

function upstreamEntry(
  instance: Instance,
  { name, engine, built }: RevisionMicro,
  context: EntryContext,
): UpstreamEntry {
  switch (built.kind) {
    case 'static': {
      const root = resolve(context.folders.revision(instance.buildId), built.root)
      return { kind: 'static', root, spaFallback: built.spaFallback }
    }
    case 'process': {
      const { id: instanceId, buildId } = instance
      const process = { instanceId, micro: name, buildId, run: context.run }
      return { kind: 'process', address: context.addressOf(process), server: serverOf(engine) }
    }
  }
}

/** The HTTP server of the engine's runtime, when apps answer with that. */
function serverOf(engine: string): 'node' | 'bun' | undefined {
  if (engine === 'bun') return 'bun'
  return /^(?:node|next|nuxt|svelte-kit)/.test(engine) ? 'node' : undefined
}
