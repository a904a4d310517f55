import type { MicroRef, UpstreamAddress, UpstreamEntry, WakeResult } from '../../directory/index.ts'
import type { Address } from '../../wire/index.ts'
import type { GatewayDirectory } from '../options.ts'
import type { ResponseSource } from '../headers/response-headers.ts'

/** Where a request is forwarded to. */
export interface Upstream {
  readonly source: ResponseSource
  /** null: the micro sleeps, and `wake` gives its address. */
  readonly address: Address | null
  /** Null for an upstream that cannot be woken: the platform. */
  readonly wake: (() => Promise<WakeResult>) | null
  /** The HTTP server of the upstream; null: how it reads a request body is unknown. */
  readonly server: 'node' | 'bun' | null
  /** Whether the upstream is known to hang, so that no answer will come. */
  readonly isHung?: () => boolean
}

type ProcessEntry = Extract<UpstreamEntry, { kind: 'process' }>

interface MicroUpstream extends Upstream, MicroRef {
  /** Since the last `takeUsed`. */
  isUsed: boolean
}

/** The upstreams of micros, created once for each entry of the directory instead of once for each request. */
export class MicroUpstreams {
  readonly #directory: GatewayDirectory
  readonly #made = new WeakMap<ProcessEntry, MicroUpstream>()
  /** By instance and micro, so that replaced entries do not accumulate. */
  readonly #used = new Map<string, MicroUpstream>()

  constructor(directory: GatewayDirectory) {
    this.#directory = directory
  }

  /** For a request that is about to be forwarded there. */
  of(instanceId: string, micro: string, entry: ProcessEntry): Upstream {
    const upstream = this.#made.get(entry) ?? this.#make(instanceId, micro, entry)
    if (!upstream.isUsed) {
      upstream.isUsed = true
      this.#used.set(`${instanceId}/${micro}`, upstream)
    }
    return upstream
  }

  /** Micros whose upstream was used since the last call. */
  takeUsed(): readonly MicroRef[] {
    const used = [...this.#used.values()]
    this.#used.clear()
    for (const upstream of used) upstream.isUsed = false
    return used
  }

  #make(instanceId: string, micro: string, entry: ProcessEntry): MicroUpstream {
    const { address } = entry
    const made: MicroUpstream = {
      source: 'micro',
      address: address === null ? null : addressOf(address),
      wake: () => this.#directory.wake(instanceId, micro),
      server: entry.server ?? null,
      instanceId,
      micro,
      isUsed: false,
    }
    this.#made.set(entry, made)
    return made
  }
}

export const addressOf = (address: UpstreamAddress): Address =>
  'socket' in address
    ? unixAddress(address.socket)
    : { kind: 'tcp', key: `${address.host}:${address.port}`, ...address }

export const unixAddress = (path: string): Address => ({ kind: 'unix', key: path, path })
