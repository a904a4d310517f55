import { closeSync, constants, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { OwnHost } from '../../micro-spec.ts'
import { INSIDE_UID } from './bwrap-args.ts'
import { spaceHostLines } from './space-hosts.ts'

/** Where pasta forwards DNS lookups to the host's name server, which may listen on the host's loopback only. */
export const DNS_ADDRESS = '169.254.1.1'

interface EtcFile {
  readonly path: string
  readonly content: string
}

/** Files that must not be the host's, which name its users, machines and name servers. */
export const etcFiles = (ownHost: OwnHost | null): readonly EtcFile[] => [
  { path: '/etc/passwd', content: `app:x:${INSIDE_UID}:${INSIDE_UID}:app:/tmp:/bin/sh\n` },
  { path: '/etc/group', content: `app:x:${INSIDE_UID}:\n` },
  // localhost is IPv4 only, so that an app that listens on "localhost" can be reached by the gateway.
  {
    path: '/etc/hosts',
    content: `127.0.0.1 localhost app${ownHost ? ` ${ownHost.name}` : ''}\n${spaceHostLines()}`,
  },
  { path: '/etc/resolv.conf', content: `nameserver ${DNS_ADDRESS}\n` },
  { path: '/etc/nsswitch.conf', content: 'passwd: files\ngroup: files\nhosts: files dns\n' },
]

/**
 * Opens a file without a name, for another process to inherit: it needs no cleanup, and no other user can replace it.
 * Each start needs a separate descriptor, because readers share a descriptor's position.
 */
export function openNamelessFile(content: string | Uint8Array): Disposable & { readonly fd: number } {
  const dir = mkdtempSync(join(tmpdir(), 'ownspace-'))
  try {
    const path = join(dir, 'file')
    writeFileSync(path, content, { mode: 0o600 })
    const fd = openSync(path, constants.O_RDONLY)
    return { fd, [Symbol.dispose]: () => closeSync(fd) }
  } finally {
    rmSync(dir, { recursive: true })
  }
}
