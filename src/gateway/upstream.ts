import type { UpstreamEntry, WakeResult } from '../directory/index.ts'
import type { Address } from '../wire/index.ts'
import type { GatewayDirectory } from './options.ts'
import type { ResponseSource } from './response-headers.ts'

/** Where a request is forwarded to. */
export interface Upstream {
  readonly source: ResponseSource
  /** null: it sleeps, and `wake` tells where it is. */
  readonly address: Address | null
  /** Null for an upstream that cannot be woken: the platform. */
  readonly wake: (() => Promise<WakeResult>) | null
}

type ProcessEntry = Extract<UpstreamEntry, { kind: 'process' }>

/** The upstreams of micros, made once for each entry of the directory instead of once for each request. */
export class MicroUpstreams {
  readonly #directory: GatewayDirectory
  readonly #made = new WeakMap<ProcessEntry, Upstream>()

  constructor(directory: GatewayDirectory) {
    this.#directory = directory
  }

  of(instanceId: string, micro: string, entry: ProcessEntry): Upstream {
    const known = this.#made.get(entry)
    if (known !== undefined) return known
    const { address } = entry
    const made: Upstream = {
      source: 'micro',
      address: address === null ? null : tcpAddress(address.host, address.port),
      wake: () => this.#directory.wake(instanceId, micro),
    }
    this.#made.set(entry, made)
    return made
  }
}

export const tcpAddress = (host: string, port: number): Address => ({
  kind: 'tcp',
  key: `${host}:${port}`,
  host,
  port,
})

export const unixAddress = (path: string): Address => ({ kind: 'unix', key: path, path })
