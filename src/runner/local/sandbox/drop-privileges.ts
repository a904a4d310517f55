import { mkdirSync, realpathSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Mount } from './bwrap-args.ts'
import type { SandboxHost } from './sandbox.ts'

/** Mount point of a private tmpfs. Only root can write to /run, so no other user can replace the folder. */
const STAGE = '/run/ownspace-stage'

export interface DroppedPrivileges {
  /** Arguments before `bwrap`; run outside the sandbox, with the server's privileges, without the app's environment. */
  readonly prefix: readonly string[]
  readonly mounts: readonly Mount[]
}

/**
 * As root: switches to the sandbox's own host user before the sandbox is set up, so that root never runs inside.
 * That user cannot traverse /root or a private data folder. Folders below such a path are therefore mounted, in a
 * separate mount namespace, at a path that the user can reach. Not as root: does nothing.
 *
 * Each program execs the next and never stays as its parent: bwrap asks the kernel to be killed with its parent, and
 * the kernel refuses when a parent in between has fewer privileges.
 */
export function dropPrivileges(
  host: SandboxHost,
  uid: number | null,
  mounts: readonly Mount[],
): DroppedPrivileges {
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

/** Runs a shell script whose mounts are private to it; its parameters follow. As root only. */
export const inMountNamespace = (host: SandboxHost, script: string): string[] => [
  host.programs.unshare,
  '--mount',
  '--propagation=private',
  '/bin/sh',
  '-c',
  `set -e; PATH=/usr/sbin:/usr/bin:/sbin:/bin; ${script}`,
  'sh',
]

/** Without root's supplementary groups, which would give access to files of group root; `group`: one in their place. */
export const becomeUser = (host: SandboxHost, uid: number, group?: number): string[] => [
  host.programs.setpriv,
  `--reuid=${uid}`,
  `--regid=${uid}`,
  group === undefined ? '--clear-groups' : `--groups=${group}`,
]

/** Dies with the server. */
export const DIE_WITH_PARENT = '--pdeathsig=KILL'

/** Runs a helper on the host, as the sandbox's own user where there is one. The helper dies with the server. */
export const helperPrefix = (host: SandboxHost, uid: number | null): string[] => [
  ...(uid === null ? [host.programs.setpriv] : becomeUser(host, uid)),
  DIE_WITH_PARENT,
]

/** Whether every user can traverse the folders of a path. The file modes below it still apply inside the sandbox. */
function isReachable(path: string): boolean {
  for (let dir = dirname(realpathSync(path)); ; dir = dirname(dir)) {
    if ((statSync(dir).mode & 0o001) === 0) return false
    if (dir === '/') return true
  }
}
