/**
 * The sandbox, as one argument list. Pure: everything it depends on is a parameter. `sandbox-escape.test.ts` attacks
 * each protection that is named here.
 */

export interface Mount {
  /** Path outside. Absolute. */
  readonly source: string
  /** Path inside. Absolute. */
  readonly target: string
  readonly writable: boolean
}

/** An entry of the sandbox's root that comes from the host: system folders, never a home, /var, /run, /srv or /tmp. */
export type RootEntry =
  | { readonly kind: 'bind'; readonly path: string }
  | { readonly kind: 'symlink'; readonly target: string; readonly path: string }

export interface SandboxLayout {
  readonly root: readonly RootEntry[]
  readonly mounts: readonly Mount[]
  readonly links: readonly { readonly target: string; readonly path: string }[]
  /** Files of /etc that must not be the host's, each read from an inherited descriptor. */
  readonly etcFiles: readonly { readonly fd: number; readonly path: string }[]
  /** False where a namespace around the sandbox already has a separate network. */
  readonly makesNetwork: boolean
  readonly seccompFd: number | null
  /** bwrap writes the number of the sandbox's first process, as the host sees it, to this descriptor. */
  readonly infoFd: number
  readonly env: Readonly<Record<string, string>>
  readonly workingDir: string
  readonly tmpBytes: number
}

/** The app's user inside: not root. The number has no meaning outside. */
export const INSIDE_UID = '1000'

const DEVICES = ['null', 'zero', 'full', 'random', 'urandom']
const SHM_BYTES = 64 * 1024 * 1024

/**
 * Options of bwrap, without the program to run. bwrap reads them from an inherited pipe (`--args`), because the
 * environment contains secrets and every user of the machine can read a command line.
 * Throws TypeError on a NUL byte, which would end one argument and start the next: an app could add a mount.
 */
export function bwrapArgs(layout: SandboxLayout): string[] {
  const args = [
    // When the server dies, the app dies: no app process outlives the server that controls it.
    '--die-with-parent',
    // Own user namespace: no capability applies to the host's. Never `-try`: an app must not start without a sandbox.
    '--unshare-user',
    // Own processes: others cannot be seen, signalled or traced, and the exit of the first process kills all of them.
    '--unshare-pid',
    // Own network: not the host's loopback, not its abstract unix sockets. Only pasta and the relays connect it.
    ...(layout.makesNetwork ? ['--unshare-net'] : []),
    // No shared memory or message queues of others; the app cannot rename the host or see its cgroups.
    '--unshare-ipc',
    '--unshare-uts',
    '--unshare-cgroup',
    '--hostname',
    'app',
    // Not root inside either; setuid programs have no other user to switch to (bwrap also sets no_new_privs).
    ['--uid', INSIDE_UID, '--gid', INSIDE_UID],
    // None of the capabilities of the user that sets up the sandbox, who is root inside the namespace.
    ['--cap-drop', 'ALL'],
    // No controlling terminal, so the app cannot type into the operator's (TIOCSTI).
    '--new-session',
    ...layout.root.flatMap(rootArgs),
    // Own /proc: shows the app's own processes only; bwrap covers its writable files.
    ['--proc', '/proc'],
    // Network settings belong to the namespace's root, which outside is the user that the app runs as.
    ['--ro-bind', '/proc/sys', '/proc/sys'],
    // Not the host's /dev: no disks, no /dev/kmsg, no terminals. Not `--dev` either: it needs a second user
    // namespace, and pasta could no longer join the namespace that owns the network.
    ...DEVICES.flatMap((name) => ['--dev-bind', `/dev/${name}`, `/dev/${name}`]),
    ...standardStreams(),
    // Limited memory instead of disk: a full /tmp affects only the app. Its content lasts for one run.
    ['--perms', '1777', '--size', String(SHM_BYTES), '--tmpfs', '/dev/shm'],
    ['--perms', '1777', '--size', String(layout.tmpBytes), '--tmpfs', '/tmp'],
    ...layout.mounts.flatMap(({ source, target, writable }) => [
      writable ? '--bind' : '--ro-bind',
      source,
      target,
    ]),
    ...layout.links.flatMap(({ target, path }) => ['--symlink', target, path]),
    ...layout.etcFiles.flatMap(({ fd, path }) => ['--perms', '0444', '--ro-bind-data', String(fd), path]),
    // The root itself is a tmpfs without a size limit: read-only once everything is mounted.
    ['--remount-ro', '/'],
    ...(layout.seccompFd === null ? [] : ['--seccomp', String(layout.seccompFd)]),
    ['--info-fd', String(layout.infoFd)],
    ['--chdir', layout.workingDir],
    // No variable of the server's environment, however bwrap was started.
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
