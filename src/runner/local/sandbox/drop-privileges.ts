import { mkdirSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Mount } from './bwrap-args.ts'
import type { SandboxHost } from './sandbox.ts'

/** Only ever covered by a private tmpfs; /run is root's, so nobody else can put something in its place. */
const STAGE = '/run/ownspace-stage'

export interface HostSide {
  /** What comes before `bwrap`; runs outside the walls, with the server's rights, and without the app's environment. */
  readonly prefix: readonly string[]
  readonly mounts: readonly Mount[]
}

/**
 * As root: becomes the sandbox's own host user before the sandbox is built, so that root itself never enters it.
 * That user cannot walk through /root or a private data folder; a mount namespace of the sandbox's own therefore
 * shows it what lies behind such folders at a place it can reach. Not as root: nothing to do.
 *
 * All of it is one process that becomes the next, never a parent: bwrap asks the kernel to be killed with its
 * parent, and the kernel refuses when a parent in between has fewer rights.
 */
export function hostSideOf(host: SandboxHost, uid: number | null, mounts: readonly Mount[]): HostSide {
  if (uid === null) return { prefix: [], mounts }
  const hidden = mounts.filter(({ source }) => !isReachable(source)).map(({ source }) => source)
  if (hidden.length === 0 || !host.showsClosedFolders) return { prefix: becomeUser(host, uid), mounts }
  mkdirSync(STAGE, { recursive: true, mode: 0o711 })
  return {
    prefix: [...inMountNamespace(host, SHOW_HIDDEN), STAGE, ...hidden, '--', ...becomeUser(host, uid)],
    mounts: mounts.map((mount) => {
      const at = hidden.indexOf(mount.source)
      return at === -1 ? mount : { ...mount, source: `${STAGE}/${at}` }
    }),
  }
}

/** `<stage> <path>… -- <command>…`: each path becomes `<stage>/<its number>`. */
const SHOW_HIDDEN = `
  mount -t tmpfs -o mode=711,size=64k tmpfs "$1"; cd "$1"; shift; at=0
  while [ "$1" != -- ]; do
    if [ -d "$1" ]; then mkdir "$at"; else : > "$at"; fi
    mount --bind "$1" "$at"; at=$((at + 1)); shift
  done
  shift; cd /; exec "$@"`

/** Runs a shell script whose mounts nobody else sees; its parameters follow. As root only. */
export const inMountNamespace = (host: SandboxHost, script: string): string[] => [
  host.programs.unshare,
  '--mount',
  '--propagation=private',
  '/bin/sh',
  '-c',
  `set -e; PATH=/usr/sbin:/usr/bin:/sbin:/bin; ${script}`,
  'sh',
]

/** Without root's supplementary groups, which would open files that belong to group root. */
export const becomeUser = (host: SandboxHost, uid: number): string[] => [
  host.programs.setpriv,
  `--reuid=${uid}`,
  `--regid=${uid}`,
  '--clear-groups',
]

/** Dies with the server. */
export const DIE_WITH_PARENT = '--pdeathsig=KILL'

/** Runs a program of ours on the host, as the sandbox's own user where it has one, and no longer than the server. */
export const besideSandbox = (host: SandboxHost, uid: number | null): string[] => [
  ...(uid === null ? [host.programs.setpriv] : becomeUser(host, uid)),
  DIE_WITH_PARENT,
]

/** Whether any user can walk to a path. What may be read there is decided inside. */
function isReachable(path: string): boolean {
  for (let dir = dirname(realpathSync(path)); ; dir = dirname(dir)) {
    if ((statSync(dir).mode & 0o001) === 0) return false
    if (dir === '/') return true
  }
}
