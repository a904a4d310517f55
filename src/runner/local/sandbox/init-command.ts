import type { Command } from '../process/command.ts'
import type { SandboxHost } from './sandbox.ts'

const MB = 1024 * 1024

/** Memory that JavaScript engines and threads reserve without using it; RLIMIT_DATA counts it nevertheless. */
const RESERVED_BYTES = 512 * MB

/**
 * The first program inside: sets its limits, waits for a line that says the network is ready, then execs the app.
 * When the server dies before that line, the program exits.
 */
export function initCommand(host: SandboxHost, command: Command): string[] {
  const isLowPriority = !host.cgroups?.cpuDir && command.limits.cpuWeight < USUAL_WEIGHT
  const wait = `read -r _ || exit 125; ${isLowPriority ? LOWER_PRIORITY : ''}exec "$@" </dev/null`
  return [...limited(host, command.limits), '/bin/sh', '-c', wait, 'sh', host.shell, '-c', command.script]
}

const USUAL_WEIGHT = 100
/**
 * Without control groups for the CPU, the kernel gives each session (sched(7), autogroup) or each process a share. A
 * build lowers its own share. This is not a limit: a new session that the build starts has a full share.
 */
const LOWER_PRIORITY =
  'echo 10 2>/dev/null >/proc/self/autogroup || :; renice -n 10 -p $$ >/dev/null 2>&1 || :; '

function limited(host: SandboxHost, limits: Command['limits']): string[] {
  return [
    host.programs.prlimit,
    // No core files: the host's core handler runs as root.
    '--core=0',
    // Counted per user namespace, so per sandbox: a fork bomb affects only its own sandbox.
    `--nproc=${limits.processes}`,
    // Between two checks of a build's folder, one file could fill the disk.
    ...(Number.isFinite(limits.fileBytes) ? [`--fsize=${limits.fileBytes}`] : []),
    // Only per process; where there is a control group, it limits all processes together, and exactly.
    ...(host.cgroups ? [] : [`--data=${limits.memoryBytes + RESERVED_BYTES}`]),
    '--',
  ]
}
