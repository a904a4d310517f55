import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pollUntil } from '../process/wait.ts'
import type { Door } from '../../types.ts'
import { besideSandbox, inMountNamespace } from './drop-privileges.ts'
import { type NetworkRequest, pastaArgs } from './pasta-args.ts'
import { type Helper, watchHelper } from './helper.ts'
import type { SandboxHost } from './sandbox.ts'
import type { SetUp } from './set-up.ts'
import { openInboundRelay } from './inbound-relay.ts'
import { canRelay, openHairpinRelay } from './hairpin-relay.ts'

const FOLDER = 'ownspace-net-'

export interface NetworkOptions {
  /** The instance or build that it is for. */
  readonly owner: string
  readonly uid: number | null
  /** Whether the host reaches the sandbox: a micro is served, a build is not. */
  readonly inbound: boolean
  /** The one way to the host's own loopback; null: none. */
  readonly door: Door | null
}

export interface Network {
  /** Where the host reaches the sandbox, once attached; null without inbound traffic. */
  readonly socketPath: string | null
  /**
   * Connects the network namespace of a process. Throws with pasta's or socat's words when it cannot be done, or when
   * the sandbox's start is over.
   */
  attach(pid: number, setUp: SetUp): Promise<void>
  /** Calls back with the cause when a part of an attached network ends by itself; at `close` all of them do. */
  onBroken(listener: (cause: Error) => void): void
  /** The sandbox is cut off from now on. Waits for an `attach` that is under way, which ends with its `setUp`. */
  close(): Promise<void>
}

/** Gets a pasta process ready while the sandbox, which it waits for, is being built. */
export function prepareNetwork(host: SandboxHost, { owner, uid, inbound, door }: NetworkOptions): Network {
  // Its own user's alone: what lies in it is reached by that user and root, and by no other.
  const dir = mkdtempSync(join(tmpdir(), `${FOLDER}${process.pid}-`))
  if (uid !== null) chownSync(dir, uid, uid)
  const socketPath = inbound ? join(dir, 'micro.sock') : null
  const relayed = door !== null && canRelay(host, door) ? door : null
  const pasta = preparePasta(host, { uid, door: relayed ? null : door, pidFile: join(dir, 'pid') })
  const helpers: Helper[] = [pasta]
  let opening: Promise<void>[] = []
  const openWays = (pid: number, setUp: SetUp): Promise<Helper[]>[] => [
    ...(socketPath ? [openInboundRelay(host, setUp, { pid, uid, socketPath }).then((relay) => [relay])] : []),
    ...(relayed
      ? [
          openHairpinRelay(host, setUp, {
            pid,
            uid,
            owner,
            socketPath: join(dir, 'door.sock'),
            door: relayed,
          }),
        ]
      : []),
  ]
  return {
    socketPath,
    attach: async (pid, setUp) => {
      opening = openWays(pid, setUp).map(async (way) => void helpers.push(...(await way)))
      await Promise.all([pasta.attach(pid, setUp), ...opening])
    },
    onBroken: (listener) => {
      for (const { ended } of helpers) {
        const tell = () => listener(ended.reason as Error)
        if (ended.aborted) tell()
        else ended.addEventListener('abort', tell, { once: true })
      }
    },
    close: async () => {
      await Promise.allSettled(opening)
      await Promise.all(helpers.map((helper) => helper.end()))
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

interface Pasta extends Helper {
  attach(pid: number, setUp: SetUp): Promise<void>
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
  const pasta = watchHelper(child, { name: 'pasta', kill: () => child.kill('SIGKILL'), explain })
  return {
    ...pasta,
    attach: async (pid, { helpers, signal }) => {
      helpers?.join([child.pid])
      await child.stdin.write(`${pid}\n`)
      await child.stdin.end()
      await pollUntil(() => existsSync(pidFile), AbortSignal.any([pasta.ended, signal]))
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
