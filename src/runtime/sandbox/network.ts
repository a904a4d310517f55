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
  readonly uid: number | null
  /** Whether the host reaches the sandbox: a micro is served, a build is not. */
  readonly inbound: boolean
  readonly doorPort: number | null
}

export interface Network {
  /** Where the host reaches the sandbox, once attached; null without inbound traffic. */
  hostPort(): number | null
  /**
   * Connects the network namespace of a process. A host port that somebody took in between is replaced by another.
   * Throws with pasta's words when it cannot be done.
   */
  attach(pid: number): Promise<void>
  /** The sandbox is cut off from now on; the host's port is free again when it resolves. */
  close(): Promise<void>
}

/** Gets a pasta process ready while the sandbox, which it waits for, is being built. */
export async function prepareNetwork(host: SandboxHost, options: NetworkOptions): Promise<Network> {
  let pasta = await preparePasta(host, options)
  return {
    hostPort: () => pasta.hostPort,
    attach: async (pid) => {
      for (let attempt = 1; ; attempt++) {
        const failure = await pasta.attach(pid)
        if (failure === null) return
        const isTaken = options.inbound && /bind|port/i.test(failure)
        if (!isTaken || attempt === PORT_ATTEMPTS) throw new Error(failure)
        pasta = await preparePasta(host, options)
      }
    },
    close: () => pasta.end(),
  }
}

interface Pasta {
  readonly hostPort: number | null
  /** Null once it connects the process's network, else what it said before it ended. */
  attach(pid: number): Promise<string | null>
  end(): Promise<void>
}

async function preparePasta(host: SandboxHost, { uid, inbound, doorPort }: NetworkOptions): Promise<Pasta> {
  const hostPort = inbound ? await freePort() : null
  const dir = mkdtempSync(join(tmpdir(), 'ownspace-net-'))
  if (uid !== null) chownSync(dir, uid, uid)
  const pidFile = join(dir, 'pid')
  const child = Bun.spawn({
    cmd: [
      ...pastaPrefix(host, uid),
      ...ATTACH,
      host.programs.pasta,
      ...pastaArgs({ hostPort, doorPort, pidFile }),
    ],
    stdio: ['pipe', 'ignore', 'pipe'],
    env: {},
  })
  void child.exited.then(() => rmSync(dir, { recursive: true, force: true }))
  const errors = textOf(child.stderr)
  return {
    hostPort,
    attach: async (pid) => {
      child.stdin.write(`${pid}\n`)
      await child.stdin.end()
      while (!existsSync(pidFile)) {
        if (child.exitCode !== null || child.signalCode !== null) return explain(await errors)
        await Bun.sleep(POLL_MS)
      }
      return null
    },
    end: async () => {
      child.kill('SIGKILL')
      await child.exited
    },
  }
}

/** Becomes pasta for the process that a line names; ends with the server when none comes. */
const ATTACH = ['/bin/sh', '-c', 'read -r pid || exit 0; exec "$@" "$pid"', 'sh']

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
