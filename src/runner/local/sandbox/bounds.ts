import type { Command } from '../process/command.ts'
import { type Cgroup, createCgroup } from './cgroup.ts'
import type { SandboxHost } from './sandbox.ts'
import { MAX_INBOUND_CONNECTIONS } from './inbound-relay.ts'
import { MAX_DATA_CONNECTIONS } from './data-relay.ts'
import { MAX_HAIRPIN_CONNECTIONS } from './hairpin-relay.ts'

const MB = 1024 * 1024

/** pasta, the relays, and one process of a relay per connection. */
const HELPER_PROCESSES = 8 + MAX_INBOUND_CONNECTIONS + 2 * MAX_HAIRPIN_CONNECTIONS + MAX_DATA_CONNECTIONS
const HELPER_BYTES = 512 * MB

/** Control groups of one sandbox; both null where none can be created. */
export interface Bounds {
  /** For the processes of the app. */
  readonly sandbox: Cgroup | null
  /**
   * For our processes that carry the app's traffic. They do not use the app's memory, but they share the app's CPU
   * weight: connections that the app keeps open must not slow down other apps.
   */
  readonly helpers: Cgroup | null
  /** Call it once all their processes have exited. */
  remove(): Promise<void>
}

/** Throws when the kernel refuses; no group is left then. */
export function createBounds({ cgroups }: SandboxHost, { owner, limits }: Command): Bounds {
  if (cgroups === null) return { sandbox: null, helpers: null, remove: async () => {} }
  const { cpuWeight, memoryBytes, tmpBytes, processes } = limits
  const common = { owner, cpuWeight }
  const sandbox = createCgroup(cgroups, { ...common, memoryBytes: memoryBytes + tmpBytes, processes })
  try {
    const bounds = { ...common, memoryBytes: HELPER_BYTES, processes: HELPER_PROCESSES }
    const helpers = createCgroup(cgroups, bounds)
    return {
      sandbox,
      helpers,
      remove: async () => void (await Promise.all([sandbox.remove(), helpers.remove()])),
    }
  } catch (error) {
    void sandbox.remove()
    throw error
  }
}
