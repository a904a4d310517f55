import type { Mount, RootEntry } from './bwrap-args.ts'
import type { CgroupParent } from './cgroup.ts'

/** Whether and how this machine can sandbox apps; what `space doctor` prints. */
export interface SandboxStatus {
  readonly available: boolean
  /** What is in use, or what is missing and the command that installs it. */
  readonly summary: string
}

/** How this server runs the code of apps; decided once, at start (`detectSandbox`). */
export type Sandbox =
  /** Every micro and every build command runs in the sandbox of `bwrapArgs`. */
  | (SandboxStatus & {
      readonly kind: 'sandboxed'
      readonly host: SandboxHost
      readonly toolchain: Toolchain
      /** What the sandbox does not prevent on this machine, and the command that changes that; usually empty. */
      readonly limitations: readonly string[]
    })
  /** Processes of this server's own user: only for apps that the server's owner trusts. */
  | (SandboxStatus & {
      readonly kind: 'unsandboxed'
      readonly toolchain: Toolchain
      /** Called before every start: why nothing may run without a sandbox now, or null. */
      readonly refusal: UnsandboxedRefusal
    })
  /** The operator requires a sandbox and this machine has none: nothing runs. */
  | (SandboxStatus & { readonly kind: 'refused' })

export type UnsandboxedRefusal = () => Promise<string | null>

/** What was found on this machine. */
export interface SandboxHost {
  readonly programs: Programs
  readonly root: readonly RootEntry[]
  readonly shell: string
  /** As root, each sandbox gets its own host user; otherwise all sandboxes run as the server's user. */
  readonly isRoot: boolean
  /**
   * As root: whether a folder that the sandbox's host user cannot reach can be mounted into the sandbox. Where not,
   * the folders of apps must be accessible to every user of the machine who knows their names.
   */
  readonly showsClosedFolders: boolean
  /** `private`: only root may use the device; pasta gets its own device node (as root only). */
  readonly tun: 'shared' | 'private'
  readonly cgroups: CgroupParent | null
  readonly seccomp: Uint8Array | null
  /** Absolute path; null: apps can reach the network around this machine and the machine's own loopback. */
  readonly nft: string | null
  /** Whether this version of pasta forwards DNS lookups over TCP, as versions from 2024 on do. */
  readonly dnsOverTcp: boolean
}

/** Absolute paths of the programs that set up a sandbox. */
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
  /** Compilers and other tools that only builds get. */
  readonly builds: ProgramFolders
  /** Folders whose `include/node` are the headers of this machine's Node; null: it came without them. */
  readonly headers: { readonly inside: string; readonly outside: string } | null
}

/** Programs with what is mounted for them, and their folders for PATH. */
export interface ProgramFolders {
  readonly mounts: readonly Mount[]
  readonly insidePath: readonly string[]
  readonly outsidePath: readonly string[]
}
