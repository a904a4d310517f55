import type { ProcessRef } from './process-ref.ts'

/** A server micro that can be started at any time from what is on disk. */
export interface MicroProcessSpec {
  readonly process: ProcessRef
  /**
   * The app's files, mounted read-only as `/app`; the working directory. Absolute, readable by all users. A build may
   * have created only the last segment, and that segment must not be a link: mounts follow links.
   */
  readonly dir: string
  /** One shell line (COMPAT 4.5). */
  readonly command: string
  /** Null: the sandbox leaves the name resolution of the app's own public name unchanged. */
  readonly ownHost: OwnHost | null
  /** The app's environment. The runner always sets PORT; it sets HOME, PATH, TMPDIR and LANG unless they are here. */
  readonly env: Readonly<Record<string, string>>
  /** Names of the tools that it was built with and runs on, see `ProvideTools`; the first wins. */
  readonly tools?: readonly string[]
}

/**
 * The app's own public name. Micros call their app by it (COMPAT 1.8), but the address it resolves to is often not
 * reachable from a sandbox.
 */
export interface OwnHost extends LoopbackRoute {
  /** Without a port. Resolves to 127.0.0.1 inside. */
  readonly name: string
}

/** How a micro reaches apps by their public names: one port of its own loopback is relayed to one port of the host's. */
export interface LoopbackRoute {
  /** On 127.0.0.1 inside, the same port as in the app's public address. */
  readonly port: number
  /** On the host's 127.0.0.1. The server that listens there is the only part of the host that the micro can reach. */
  readonly hostPort: number
}
