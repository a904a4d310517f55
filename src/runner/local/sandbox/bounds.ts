import type { Command } from '../process/command.ts'
import { type Cgroup, createCgroup } from './cgroup.ts'
import type { SandboxHost } from './sandbox.ts'
import { MAX_WAY_IN } from './inbound-relay.ts'
import { MAX_WAY_OUT } from './hairpin-relay.ts'

const MB = 1024 * 1024

/** pasta, three relays, and a process of a relay for each connection. */
const HELPER_PROCESSES = 8 + MAX_WAY_IN + 2 * MAX_WAY_OUT
const HELPER_BYTES = 512 * MB

/** Control groups of one sandbox; both null where none can be made. */
export interface Bounds {
  /** Of the app's own processes. */
  readonly sandbox: Cgroup | null
  /** Of ours that carry its traffic: connections that it keeps open cost it no memory, but the same share of the CPU. */
  readonly helpers: Cgroup | null
  /** Once all their processes have ended. */
  remove(): Promise<void>
}

/** Throws when the kernel refuses; nothing is left then. */
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
