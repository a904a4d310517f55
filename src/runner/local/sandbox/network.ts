import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pollUntil } from '../process/wait.ts'
import type { LoopbackRoute } from '../../micro-spec.ts'
import { helperPrefix, inMountNamespace } from './drop-privileges.ts'
import { type NetworkRequest, pastaArgs } from './pasta-args.ts'
import { type Helper, watchHelper } from './helper.ts'
import type { SandboxHost } from './sandbox.ts'
import type { SetUp } from './set-up.ts'
import { openInboundRelay } from './inbound-relay.ts'
import { canRelayData, openDataRelay } from './data-relay.ts'
import { canRelay, openHairpinRelay } from './hairpin-relay.ts'

const FOLDER = 'ownspace-net-'

export interface NetworkOptions {
  /** The instance or build cache that the network belongs to. */
  readonly owner: string
  readonly uid: number | null
  /** Whether the host can connect to the sandbox: true for micros, false for builds. */
  readonly inbound: boolean
  /** The only port of the host's loopback that can be reached; null: none. */
  readonly hairpin: LoopbackRoute | null
  /** Of the process that serves Base and Drive; null: their names lead nowhere. */
  readonly dataSocket: string | null
}

export interface Network {
  /** Where the host can connect to the sandbox, once attached; null without inbound traffic. */
  readonly socketPath: string | null
  /**
   * Connects the network namespace of a process. Throws with the message of pasta or socat when that fails, or when
   * the set-up of the sandbox is aborted.
   */
  attach(pid: number, setUp: SetUp): Promise<void>
  /** Calls `listener` with the cause when a helper of an attached network exits, also because of `close`. */
  onBroken(listener: (cause: Error) => void): void
  /** Disconnects the sandbox. Waits for a running `attach`, which ends with its `setUp`. */
  close(): Promise<void>
}

/** Starts a pasta process, which waits for the sandbox, while the sandbox is being set up. */
export function prepareNetwork(
  host: SandboxHost,
  { owner, uid, inbound, hairpin, dataSocket }: NetworkOptions,
): Network {
  // Only the sandbox's own user and root can enter this folder.
  const dir = mkdtempSync(join(tmpdir(), `${FOLDER}${process.pid}-`))
  if (uid !== null) chownSync(dir, uid, uid)
  const socketPath = inbound ? join(dir, 'micro.sock') : null
  const relayed = hairpin !== null && canRelay(host, hairpin) ? hairpin : null
  const pasta = preparePasta(host, { uid, hairpin: relayed ? null : hairpin, pidFile: join(dir, 'pid') })
  const helpers: Helper[] = [pasta]
  let opening: Promise<void>[] = []
  const openRelays = (pid: number, setUp: SetUp): Promise<Helper[]>[] => [
    ...(socketPath ? [openInboundRelay(host, setUp, { pid, uid, socketPath }).then((relay) => [relay])] : []),
    ...(dataSocket && canRelayData(host)
      ? [openDataRelay(host, setUp, { pid, uid, socketPath: dataSocket }).then((relay) => [relay])]
      : []),
    ...(relayed
      ? [
          openHairpinRelay(host, setUp, {
            pid,
            uid,
            owner,
            socketPath: join(dir, 'hairpin.sock'),
            route: relayed,
          }),
        ]
      : []),
  ]
  return {
    socketPath,
    attach: async (pid, setUp) => {
      opening = openRelays(pid, setUp).map(async (relays) => void helpers.push(...(await relays)))
      await Promise.all([pasta.attach(pid, setUp), ...opening])
    },
    onBroken: (listener) => {
      for (const { ended } of helpers) {
        const report = () => listener(ended.reason as Error)
        if (ended.aborted) report()
        else ended.addEventListener('abort', report, { once: true })
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
  { uid, hairpin, pidFile }: NetworkRequest & { readonly uid: number | null },
): Pasta {
  const child = Bun.spawn({
    // Older versions of pasta do not notice the sandbox's exit, but they die with the server.
    cmd: [
      ...privateTun(host),
      ...helperPrefix(host, uid),
      ...ATTACH,
      host.programs.pasta,
      ...pastaArgs({ hairpin, pidFile }),
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

/** Reads the number of a process from its input, then execs pasta for it. Exits when the server dies before that. */
const ATTACH = ['/bin/sh', '-c', 'read -r pid || exit 0; exec "$@" "$pid"', 'sh']

/** Where only root may use /dev/net/tun, pasta gets a private device node; the machine's node is not changed. */
function privateTun(host: SandboxHost): string[] {
  if (host.tun === 'shared') return []
  return inMountNamespace(
    host,
    'mount -t tmpfs -o mode=755 tmpfs /dev/net; mknod -m 666 /dev/net/tun c 10 200; exec "$@"',
  )
}

function explain(errors: string): string {
  const lines = errors.split('\n').filter((line) => line && !line.startsWith('Failed to send'))
  const text = lines.join('; ') || 'pasta exited without a message'
  return /External interface|routable interface/.test(text)
    ? `${text}. This machine has no network route; passt from 2024-11 on works without one`
    : text
}

/** Removes the folders of servers that were killed: their names contain the number of a process that does not exist. */
export function removeStaleNetworks(): void {
  for (const name of readdirSync(tmpdir())) {
    const pid = name.startsWith(FOLDER) ? name.slice(FOLDER.length).split('-')[0] : null
    if (!pid || existsSync(`/proc/${pid}`)) continue
    try {
      rmSync(join(tmpdir(), name), { recursive: true, force: true })
    } catch {
      // The folder of another user, whose server removes it.
    }
  }
}
