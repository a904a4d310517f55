import { statSync } from 'node:fs'
import { findCgroupParent } from './cgroup-parent.ts'
import * as describe from './describe-sandbox.ts'
import { removeStaleNetworks } from './network.ts'
import { findNft, findPrograms, findShell } from './programs.ts'
import { readRootFilesystem } from './root-filesystem.ts'
import type { Programs, Sandbox, SandboxHost, Toolchain, UnsandboxedRefusal } from './sandbox.ts'
import { seccompProgram } from './seccomp.ts'
import { findToolchain } from './toolchain.ts'
import { tryHost } from './try-host.ts'

export interface DetectOptions {
  /** The node that apps run on; by default the first on this server's PATH, if any. */
  readonly nodePath?: string
  /** The bun that apps run on; by default the one this server runs on. */
  readonly bunPath?: string
  /** Where there is no sandbox: why nothing may run without one, or null. By default everything may run. */
  readonly refuseUnsandboxed?: UnsandboxedRefusal
}

/**
 * Finds out how this machine can run the code of apps, by setting up a real sandbox once. Takes about 50 ms.
 * Without a working sandbox, `auto` falls back to unsandboxed processes and `require` runs nothing; `summary` says why
 * and how to fix it.
 */
export async function detectSandbox(
  mode: 'auto' | 'require' | 'off' = 'auto',
  options: DetectOptions = {},
): Promise<Sandbox> {
  const toolchain = findToolchain({
    nodePath: options.nodePath ?? Bun.which('node'),
    bunPath: options.bunPath ?? process.execPath,
  })
  const refusal = options.refuseUnsandboxed ?? (async () => null)
  if (mode === 'off') return unsandboxed(toolchain, refusal, 'The sandbox is switched off.')
  const found = await findWorkingHost(toolchain)
  if (typeof found === 'string')
    return mode === 'auto' ? unsandboxed(toolchain, refusal, found) : refused(found)
  const { host, limitations } = found
  const summary = [describe.summaryOf(host), ...limitations].join('\n')
  return { kind: 'sandboxed', available: true, summary, limitations, host, toolchain }
}

const refused = (reason: string): Sandbox => ({
  kind: 'refused',
  available: false,
  summary: describe.refusedSummary(reason),
})

const unsandboxed = (toolchain: Toolchain, refusal: UnsandboxedRefusal, reason: string): Sandbox => ({
  kind: 'unsandboxed',
  available: false,
  summary: describe.unsandboxedSummary(reason),
  toolchain,
  refusal,
})

interface WorkingHost {
  readonly host: SandboxHost
  readonly limitations: readonly string[]
}

/** The host with a working sandbox, or what is missing and the command that installs it. */
async function findWorkingHost(toolchain: Toolchain): Promise<WorkingHost | string> {
  if (process.platform !== 'linux') return 'The sandbox needs Linux.'
  removeStaleNetworks()
  const found = findPrograms()
  if (found.kind === 'missing') return describe.missingPackages(found.packages)
  const host = hostWith(found.programs)
  return host === null ? describe.NO_TUN : weakenUntilItWorks(host, toolchain)
}

/** The strongest sandbox that works on this machine, or the first failure when none works. */
async function weakenUntilItWorks(host: SandboxHost, toolchain: Toolchain): Promise<WorkingHost | string> {
  const failure = await tryHost(host, toolchain)
  if (failure === null)
    return { host, limitations: describe.limitationsOf(host, describe.missingPackages(['nftables'])) }
  const reason = host.isRoot ? failure : describe.adviceFor(failure)
  for (const weaker of weakened(host))
    if ((await tryHost(weaker, toolchain)) === null)
      return { host: weaker, limitations: describe.limitationsOf(weaker, reason) }
  return describe.adviceFor(failure)
}

const weakened = (host: SandboxHost): SandboxHost[] => [
  ...(host.nft === null ? [] : [{ ...host, nft: null }]),
  ...(host.isRoot
    ? [
        { ...host, showsClosedFolders: false },
        { ...host, showsClosedFolders: false, nft: null },
      ]
    : []),
]

function hostWith(programs: Programs): SandboxHost | null {
  const isRoot = process.getuid?.() === 0
  const tun = statSync('/dev/net/tun', { throwIfNoEntry: false })
  if (!tun) return null
  const isShared = (tun.mode & 0o006) === 0o006
  return {
    programs,
    root: readRootFilesystem(),
    shell: findShell(),
    isRoot,
    showsClosedFolders: true,
    tun: isShared || !isRoot ? 'shared' : 'private',
    cgroups: findCgroupParent(),
    seccomp: seccompProgram(process.arch),
    nft: findNft(),
    dnsOverTcp: hasDnsHostOption(programs.pasta),
  }
}

/** Versions of pasta with this option also forward DNS lookups over TCP. */
function hasDnsHostOption(pasta: string): boolean {
  const { stdout, stderr } = Bun.spawnSync([pasta, '--help'], { env: {}, cwd: '/' })
  return `${stdout}${stderr}`.includes('--dns-host')
}
