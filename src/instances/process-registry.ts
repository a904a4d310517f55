import type { InstanceEntry, MicroRef, UpstreamAddress } from '../directory/index.ts'
import type { BuildId, InstanceId } from '../kernel/ids.ts'
import type { AppsTables } from '../projects/index.ts'
import type { Database, Folders } from '../storage/index.ts'
import { type ProcessRef, processKey } from '../runner/index.ts'
import type { AppHosts } from './app-hosts.ts'
import { instanceEntry } from './directory-entries.ts'
import { type Instance, getInstance } from './instances.ts'

export interface RunningProcess {
  readonly process: ProcessRef
  readonly address: UpstreamAddress
}

export interface ProcessRegistryDeps {
  readonly db: Database<AppsTables>
  readonly hosts: AppHosts
  readonly folders: Folders
}

interface Served {
  readonly buildId: BuildId
  readonly run: number
}

/**
 * Which processes serve each instance and where they listen, as the directory publishes it. In memory: a server that
 * starts has no processes.
 */
export class ProcessRegistry {
  readonly #deps: ProcessRegistryDeps
  /** By `processKey`. */
  readonly #addresses = new Map<string, UpstreamAddress>()
  readonly #runs = new Map<string, number>()
  /** Changed in the same step as the entry that is published. */
  readonly #served = new Map<string, Served>()

  constructor(deps: ProcessRegistryDeps) {
    this.#deps = deps
  }

  /** The entry of an instance for the directory, which serves it from now on; null when the instance does not exist. */
  async describe(id: InstanceId): Promise<InstanceEntry | null> {
    const instance = await getInstance(this.#deps.db, id)
    if (instance) return this.entryOf(instance)
    this.#served.delete(id)
    return null
  }

  /** `describe` of an instance that has just been read. */
  entryOf(instance: Instance): InstanceEntry {
    const run = this.runOf(instance.id)
    this.#served.set(instance.id, { buildId: instance.buildId, run })
    const { hosts, folders } = this.#deps
    return instanceEntry(instance, { hosts, folders, run, addressOf: (process) => this.addressOf(process) })
  }

  hasInstance(instanceId: string): boolean {
    return this.#served.has(instanceId)
  }

  /** The process to which gateways send the requests of a micro; null when the instance does not exist. */
  servingProcess({ instanceId, micro }: MicroRef): ProcessRef | null {
    const served = this.#served.get(instanceId)
    return served === undefined ? null : { instanceId, micro, ...served }
  }

  isServing({ instanceId, buildId, run }: ProcessRef): boolean {
    const served = this.#served.get(instanceId)
    return served?.buildId === buildId && served.run === run
  }

  /** Null while the process does not run. */
  addressOf(process: ProcessRef): UpstreamAddress | null {
    return this.#addresses.get(processKey(process)) ?? null
  }

  setAddress(process: ProcessRef, address: UpstreamAddress): void {
    this.#addresses.set(processKey(process), address)
  }

  /** Returns whether there was one. */
  deleteAddress(process: ProcessRef): boolean {
    return this.#addresses.delete(processKey(process))
  }

  /** How often the processes of an instance were replaced by others of the same revision. */
  runOf(instanceId: string): number {
    return this.#runs.get(instanceId) ?? 0
  }

  /** Processes that start from now on replace those of the current run. */
  beginRun(instanceId: InstanceId): void {
    this.#runs.set(instanceId, this.runOf(instanceId) + 1)
  }

  forgetRuns(instanceId: InstanceId): void {
    this.#runs.delete(instanceId)
  }
}
