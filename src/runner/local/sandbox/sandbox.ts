import type { SandboxStatus } from '../../types.ts'
import type { CgroupParent } from './cgroup.ts'
import type { Mount, RootEntry } from './bwrap-args.ts'

/** How this server runs what others wrote; decided once, at start (`detectSandbox`). */
export type Sandbox =
  /** Every micro and every build command behind the walls of `bwrapArgs`. */
  | (SandboxStatus & {
      readonly kind: 'walls'
      readonly host: SandboxHost
      readonly toolchain: Toolchain
      /** What they do not keep out here, and what to type; usually nothing. */
      readonly gaps: readonly string[]
    })
  /** Plain processes of this server's own user: for one's own apps only. */
  | (SandboxStatus & {
      readonly kind: 'plain'
      readonly toolchain: Toolchain
      /** Asked before every start: why nothing may run without walls now, or null. */
      readonly refusal: PlainRefusal
    })
  /** The operator requires walls and this machine has none: nothing runs. */
  | (SandboxStatus & { readonly kind: 'refused' })

export type PlainRefusal = () => Promise<string | null>

/** What was found on this machine. */
export interface SandboxHost {
  readonly programs: Programs
  readonly root: readonly RootEntry[]
  readonly shell: string
  /** As root, sandboxes get host users of their own; else all of them are the server's user. */
  readonly isRoot: boolean
  /**
   * As root: whether sandboxes can be shown a folder that their host user cannot walk to. Where not, the folders of
   * apps must be open to every user of the machine who knows their names.
   */
  readonly showsClosedFolders: boolean
  /** `private`: the device exists but is root's alone; pasta gets a node of its own (as root only). */
  readonly tun: 'shared' | 'private'
  readonly cgroups: CgroupParent | null
  readonly seccomp: Uint8Array | null
  /** Absolute path; null: the network around this machine, and its own loopback, are open to apps. */
  readonly nft: string | null
  /** Whether this pasta forwards lookups by TCP, as versions from 2024 on do. */
  readonly dnsOverTcp: boolean
}

/** Absolute paths of what builds the walls. */
export interface Programs {
  readonly bwrap: string
  readonly pasta: string
  readonly socat: string
  readonly setpriv: string
  readonly prlimit: string
  readonly unshare: string
  readonly nsenter: string
}

/** Where node and bun are, inside and outside. */
export interface Toolchain {
  readonly mounts: readonly Mount[]
  /** npm's commands are links into its own folder. */
  readonly links: readonly { readonly target: string; readonly path: string }[]
  /** Folders for the front of PATH, inside the sandbox. */
  readonly insidePath: readonly string[]
  readonly outsidePath: readonly string[]
}
