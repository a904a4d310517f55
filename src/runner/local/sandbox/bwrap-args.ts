/**
 * The sandbox, as one argument list. Pure: everything it depends on is a parameter, and `walls.test.ts` climbs
 * every wall that is named here.
 */

export interface Mount {
  /** Path outside. Absolute. */
  readonly source: string
  /** Path inside. Absolute. */
  readonly target: string
  readonly writable: boolean
}

/** What the root of the sandbox shows of the host's: system folders, never a home, /var, /run, /srv or /tmp. */
export type RootEntry =
  | { readonly kind: 'bind'; readonly path: string }
  | { readonly kind: 'symlink'; readonly target: string; readonly path: string }

export interface SandboxLayout {
  readonly root: readonly RootEntry[]
  readonly mounts: readonly Mount[]
  readonly links: readonly { readonly target: string; readonly path: string }[]
  /** Small files of /etc that must not be the host's own, each read from an inherited descriptor. */
  readonly stubs: readonly { readonly fd: number; readonly path: string }[]
  /** False where a network of the sandbox's own has been made around it already. */
  readonly makesNetwork: boolean
  readonly seccompFd: number | null
  /** bwrap writes the host's number of the sandbox's first process here. */
  readonly infoFd: number
  readonly env: Readonly<Record<string, string>>
  readonly workingDir: string
  readonly tmpBytes: number
}

/** The app's user inside: not root, and not a number that means anything outside. */
export const INSIDE_UID = '1000'

const DEVICES = ['null', 'zero', 'full', 'random', 'urandom']
const SHM_BYTES = 64 * 1024 * 1024

/**
 * Options of bwrap, without the program to run. They travel over an inherited pipe (`--args`), because the
 * environment holds secrets and every user of the machine can read a command line.
 * Throws TypeError on a NUL byte, which would end one argument and begin the next: an app could add a mount.
 */
export function bwrapArgs(layout: SandboxLayout): string[] {
  const args = [
    // The server dies, the app dies: nothing is left without its owner.
    '--die-with-parent',
    // Own user namespace: no capability reaches the host's. Never `-try`: without walls nothing starts.
    '--unshare-user',
    // Own processes: others cannot be seen, signalled or traced, and the end of the first ends them all.
    '--unshare-pid',
    // Own network: not the host's loopback, not its abstract unix sockets. Only pasta and relays lead in and out.
    ...(layout.makesNetwork ? ['--unshare-net'] : []),
    // No shared memory or message queues of others; no renaming of the host; no view of its cgroups.
    '--unshare-ipc',
    '--unshare-uts',
    '--unshare-cgroup',
    '--hostname',
    'app',
    // Not root inside either; setuid programs find no other user to become (bwrap sets no_new_privs as well).
    ['--uid', INSIDE_UID, '--gid', INSIDE_UID],
    // Nothing of what the user who builds the walls may do: inside a namespace that is root's rights.
    ['--cap-drop', 'ALL'],
    // No controlling terminal, so no typing into the operator's (TIOCSTI).
    '--new-session',
    ...layout.root.flatMap(rootArgs),
    // Own /proc: of the own processes only; bwrap covers its writable switches.
    ['--proc', '/proc'],
    // Its switches of the network belong to the namespace's root, who outside is the user that the app runs as.
    ['--ro-bind', '/proc/sys', '/proc/sys'],
    // No /dev of the host: no disks, no /dev/kmsg, no terminals. Not `--dev` either: it needs a second user
    // namespace, and pasta could no longer join the network's own.
    ...DEVICES.flatMap((name) => ['--dev-bind', `/dev/${name}`, `/dev/${name}`]),
    ...standardStreams(),
    // Memory, not disk, and bounded: a full /tmp is the app's own trouble. Scratch for one run only.
    ['--perms', '1777', '--size', String(SHM_BYTES), '--tmpfs', '/dev/shm'],
    ['--perms', '1777', '--size', String(layout.tmpBytes), '--tmpfs', '/tmp'],
    ...layout.mounts.flatMap(({ source, target, writable }) => [
      writable ? '--bind' : '--ro-bind',
      source,
      target,
    ]),
    ...layout.links.flatMap(({ target, path }) => ['--symlink', target, path]),
    ...layout.stubs.flatMap(({ fd, path }) => ['--perms', '0444', '--ro-bind-data', String(fd), path]),
    // The root itself is memory without a bound: closed once everything is in its place.
    ['--remount-ro', '/'],
    ...(layout.seccompFd === null ? [] : ['--seccomp', String(layout.seccompFd)]),
    ['--info-fd', String(layout.infoFd)],
    ['--chdir', layout.workingDir],
    // Nothing of the server's environment, whatever started bwrap.
    '--clearenv',
    ...Object.entries(layout.env).flatMap(([name, value]) => ['--setenv', name, value]),
  ].flat()
  if (args.some((arg) => arg.includes('\0')))
    throw new TypeError('a path or environment value of the app contains a NUL byte')
  if (Object.keys(layout.env).some((name) => name === '' || name.includes('=')))
    throw new TypeError('a variable name of the app is empty or contains "="')
  return args
}

function rootArgs(entry: RootEntry): string[] {
  switch (entry.kind) {
    case 'bind':
      return ['--ro-bind', entry.path, entry.path]
    case 'symlink':
      return ['--symlink', entry.target, entry.path]
  }
}

function standardStreams(): string[] {
  const links = [
    ['/proc/self/fd', '/dev/fd'],
    ['/proc/self/fd/0', '/dev/stdin'],
    ['/proc/self/fd/1', '/dev/stdout'],
    ['/proc/self/fd/2', '/dev/stderr'],
  ]
  return links.flatMap(([target, path]) => ['--symlink', target!, path!])
}
