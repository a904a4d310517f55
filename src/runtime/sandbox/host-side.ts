import { mkdirSync } from 'node:fs'
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
 * That user cannot walk through /root or a private data folder; an outer mount namespace, which ends with the
 * sandbox, therefore shows it the mounts at a place it can reach. Not as root: nothing to do.
 */
export function hostSideOf(host: SandboxHost, uid: number | null, mounts: readonly Mount[]): HostSide {
  if (uid === null) return { prefix: [], mounts }
  mkdirSync(STAGE, { recursive: true, mode: 0o711 })
  const staged = mounts.map((mount, at) => ({ ...mount, source: `${STAGE}/${at}` }))
  const prefix = [
    host.programs.bwrap,
    // Ends with the server; the inner one ends with this one.
    '--die-with-parent',
    '--dev-bind',
    '/',
    '/',
    '--perms',
    '0711',
    '--tmpfs',
    STAGE,
    ...mounts.flatMap(({ source, writable }, at) => [
      writable ? '--bind' : '--ro-bind',
      source,
      `${STAGE}/${at}`,
    ]),
    '--',
    ...becomeUser(host, uid),
  ]
  return { prefix, mounts: staged }
}

/** Without root's supplementary groups, which would open files that belong to group root. */
export const becomeUser = (host: SandboxHost, uid: number): string[] => [
  host.programs.setpriv,
  `--reuid=${uid}`,
  `--regid=${uid}`,
  '--clear-groups',
]
