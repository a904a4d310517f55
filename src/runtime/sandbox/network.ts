import { chownSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../process/free-port.ts'
import { textOf } from '../process/text-of.ts'
import { becomeUser, inMountNamespace } from './host-side.ts'
import { pastaArgs } from './pasta-args.ts'
import type { SandboxHost } from './sandbox.ts'

const PORT_ATTEMPTS = 5
const POLL_MS = 1

export interface NetworkOptions {
  readonly pid: number
  readonly uid: number | null
  /** Whether the host reaches the sandbox: a micro is served, a build is not. */
  readonly inbound: boolean
}

export interface Network {
  /** Null without inbound traffic. */
  readonly hostPort: number | null
  /** The sandbox is cut off from now on; the host's port is free again when it resolves. */
  close(): Promise<void>
}

/**
 * Connects the network namespace of `pid` by a pasta process of its own. A host port that another process took
 * in between is replaced by another. Throws with pasta's words when it cannot be done.
 */
export async function connectNetwork(host: SandboxHost, options: NetworkOptions): Promise<Network> {
  for (let attempt = 1; ; attempt++) {
    const hostPort = options.inbound ? await freePort() : null
    const started = await startPasta(host, options, hostPort)
    if (started.kind === 'up') return { hostPort, close: started.close }
    if (!options.inbound || attempt === PORT_ATTEMPTS || !/bind|port/i.test(started.message))
      throw new Error(started.message)
  }
}

type Started =
  | { readonly kind: 'up'; readonly close: () => Promise<void> }
  | { readonly kind: 'down'; readonly message: string }

async function startPasta(
  host: SandboxHost,
  { pid, uid }: NetworkOptions,
  hostPort: number | null,
): Promise<Started> {
  const dir = mkdtempSync(join(tmpdir(), 'ownspace-net-'))
  if (uid !== null) chownSync(dir, uid, uid)
  const pidFile = join(dir, 'pid')
  try {
    const pasta = Bun.spawn({
      cmd: [...pastaPrefix(host, uid), host.programs.pasta, ...pastaArgs({ pid, hostPort, pidFile })],
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {},
    })
    const errors = textOf(pasta.stderr)
    while (!existsSync(pidFile)) {
      if (pasta.exitCode !== null || pasta.signalCode !== null)
        return { kind: 'down', message: explain(await errors) }
      await Bun.sleep(POLL_MS)
    }
    return {
      kind: 'up',
      close: async () => {
        pasta.kill('SIGKILL')
        await pasta.exited
      },
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function pastaPrefix(host: SandboxHost, uid: number | null): string[] {
  // Dies with the server: older versions do not notice that the sandbox has gone.
  const dieWithParent = '--pdeathsig=KILL'
  if (uid === null) return [host.programs.setpriv, dieWithParent]
  return [...privateTun(host), ...becomeUser(host, uid), dieWithParent]
}

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
