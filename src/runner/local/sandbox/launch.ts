import type { Command } from '../process/command.ts'
import { type ProcessIdentity, descendantsOf, namespaceEnd } from '../process/process-tree.ts'
import { readAll } from '../process/read-all.ts'
import type { RunningProcess } from '../process/running-process.ts'
import { within } from '../process/wait.ts'
import { type Bounds, createBounds } from './bounds.ts'
import { type Bwrap, killSandbox, readInit, spawnBwrap } from './bwrap-process.ts'
import { installFirewall } from './firewall.ts'
import { hostUidOf } from './host-user.ts'
import { loopbackIsReady } from './loopback.ts'
import { prepareNetwork } from './network.ts'
import { hasOuterNamespace } from './network-owner.ts'
import type { SandboxHost, Toolchain } from './sandbox.ts'
import { sandboxedProcess } from './sandboxed-process.ts'
import { SandboxError, beginSetUp } from './set-up.ts'

/** How long a child of bwrap may keep bwrap's error stream open. */
const STDERR_MS = 500

/**
 * Starts a command in a sandbox. The command itself starts once its network and its control groups are in place.
 * Throws SandboxError; no process is left then.
 */
export async function launchInSandbox(
  host: SandboxHost,
  toolchain: Toolchain,
  command: Command,
): Promise<RunningProcess> {
  const uid = host.isRoot ? hostUidOf(command.owner) : null
  const bwrap = spawnBwrap(host, toolchain, command, uid)
  const { owner, inbound, ownHost, dataSocket = null, limits, cancel } = command
  const network = prepareNetwork(host, { owner, uid, inbound, hairpin: ownHost, dataSocket })
  let bounds: Bounds | null = null
  let init: ProcessIdentity | null = null
  try {
    bounds = createBounds(host, command)
    using setUp = beginSetUp({ bwrap, helpers: bounds.helpers, limitMs: limits.setUpMs, cancel })
    init = await readInit(bwrap, setUp)
    // The first process before its children: what is started between the two calls is then in the group already.
    bounds.sandbox?.join([init.pid])
    bounds.sandbox?.join(descendantsOf(init.pid))
    if (!hasOuterNamespace(host)) await loopbackIsReady(init.pid, setUp.signal)
    // bwrap itself runs in the outer namespace, and in the same network as the sandbox.
    const networkPid = hasOuterNamespace(host) ? bwrap.pid : init.pid
    await Promise.all([
      network.attach(networkPid, setUp),
      installFirewall(host, networkPid, command.reach, setUp.signal),
    ])
    setUp.signal.throwIfAborted()
    await releaseCommand(bwrap)
    return sandboxedProcess({ bwrap, init, network, hairpinPort: ownHost?.port ?? null, bounds })
  } catch (cause) {
    killSandbox(bwrap, init)
    await Promise.all([bwrap.exited, network.close(), ...(init ? [namespaceEnd(init)] : [])])
    await bounds?.remove()
    // bwrap's own message comes first: when bwrap has failed, the other steps fail only because it has exited.
    const complaint = (await within(readAll(bwrap.stderr), STDERR_MS, '')).trim()
    throw new SandboxError(complaint || (cause as Error).message, { cause })
  }
}

/** Writes the line that `initCommand` waits for. */
async function releaseCommand(bwrap: Bwrap): Promise<void> {
  await bwrap.stdin.write('go\n')
  await bwrap.stdin.end()
}
