import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { textOf } from '../process/read-all.ts'
import type { Door } from '../../types.ts'
import { besideSandbox, inMountNamespace } from './drop-privileges.ts'
import { type NetworkRequest, pastaArgs } from './pasta-args.ts'
import type { Relay } from './relay.ts'
import type { SandboxHost } from './sandbox.ts'
import { openInboundRelay } from './inbound-relay.ts'
import { canRelay, openHairpinRelay } from './hairpin-relay.ts'

const POLL_MS = 1
const FOLDER = 'ownspace-net-'

export interface NetworkOptions {
  readonly uid: number | null
  /** Whether the host reaches the sandbox: a micro is served, a build is not. */
  readonly inbound: boolean
  /** The one way to the host's own loopback; null: none. */
  readonly door: Door | null
}

export interface Network {
  /** Where the host reaches the sandbox, once attached; null without inbound traffic. */
  readonly socketPath: string | null
  /** Connects the network namespace of a process. Throws with pasta's or socat's words when it cannot be done. */
  attach(pid: number): Promise<void>
  /** The sandbox is cut off from now on. */
  close(): Promise<void>
}

/** Gets a pasta process ready while the sandbox, which it waits for, is being built. */
export function prepareNetwork(host: SandboxHost, { uid, inbound, door }: NetworkOptions): Network {
  // Its own user's alone: what lies in it is reached by that user and root, and by no other.
  const dir = mkdtempSync(join(tmpdir(), `${FOLDER}${process.pid}-`))
  if (uid !== null) chownSync(dir, uid, uid)
  const socketPath = inbound ? join(dir, 'micro.sock') : null
  const relayed = door !== null && canRelay(host, door) ? door : null
  const pasta = preparePasta(host, { uid, door: relayed ? null : door, pidFile: join(dir, 'pid') })
  let ways: Promise<Relay>[] = []
  return {
    socketPath,
    attach: async (pid) => {
      ways = [
        ...(socketPath ? [openInboundRelay(host, pid, { uid, socketPath })] : []),
        ...(relayed
          ? [openHairpinRelay(host, pid, { uid, socketPath: join(dir, 'door.sock'), door: relayed })]
          : []),
      ]
      await Promise.all([pasta.attach(pid), ...ways])
    },
    close: async () => {
      await Promise.allSettled([pasta.end(), ...ways.map(async (way) => (await way).end())])
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

interface Pasta {
  attach(pid: number): Promise<void>
  end(): Promise<void>
}

function preparePasta(
  host: SandboxHost,
  { uid, door, pidFile }: NetworkRequest & { readonly uid: number | null },
): Pasta {
  const child = Bun.spawn({
    // Older versions do not notice that the sandbox has gone: it dies with the server at least.
    cmd: [
      ...privateTun(host),
      ...besideSandbox(host, uid),
      ...ATTACH,
      host.programs.pasta,
      ...pastaArgs({ door, pidFile }),
    ],
    stdio: ['pipe', 'ignore', 'pipe'],
    env: {},
  })
  const errors = textOf(child.stderr)
  return {
    attach: async (pid) => {
      child.stdin.write(`${pid}\n`)
      await child.stdin.end()
      while (!existsSync(pidFile)) {
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(explain(await errors))
        await Bun.sleep(POLL_MS)
      }
    },
    end: async () => {
      child.kill('SIGKILL')
      await child.exited
    },
  }
}

/** Becomes pasta for the process that a line names; ends with the server when none comes. */
const ATTACH = ['/bin/sh', '-c', 'read -r pid || exit 0; exec "$@" "$pid"', 'sh']

/** Where /dev/net/tun is root's alone, pasta sees a node of its own; the machine's stays as it is. */
function privateTun(host: SandboxHost): string[] {
  if (host.tun === 'shared') return []
  return inMountNamespace(
    host,
    'mount -t tmpfs -o mode=755 tmpfs /dev/net; mknod -m 666 /dev/net/tun c 10 200; exec "$@"',
  )
}

function explain(errors: string): string {
  const lines = errors.split('\n').filter((line) => line && !line.startsWith('Failed to send'))
  const text = lines.join('; ') || 'pasta ended without a word'
  return /External interface|routable interface/.test(text)
    ? `${text}. This machine has no network route; passt from 2024-11 on works without one`
    : text
}

/** Removes the folders of servers that were killed; those of running ones bear a process number that is in use. */
export function removeLeftNetworks(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(FOLDER) ? name.slice(FOLDER.length).split('-')[0] : null
    if (!pid || existsSync(`/proc/${pid}`)) continue
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true })
    } catch {
      // Another user's, who will do the same.
    }
  }
}
