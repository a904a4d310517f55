import type { Command } from '../process/command.ts'
import type { SandboxHost } from './sandbox.ts'

const MB = 1024 * 1024

/** What JavaScript engines and threads reserve without using it; RLIMIT_DATA counts it all the same. */
const RESERVED_BYTES = 512 * MB

/**
 * The first program inside: bounds itself, waits for a line that says the network is there, becomes the app.
 * When the server dies before that line, it ends.
 */
export function initCommand(host: SandboxHost, command: Command): string[] {
  const isModest = !host.cgroups?.cpuDir && command.limits.cpuWeight < USUAL_WEIGHT
  const wait = `read -r _ || exit 125; ${isModest ? STEP_BACK : ''}exec "$@" </dev/null`
  return [...limited(host, command.limits), '/bin/sh', '-c', wait, 'sh', host.shell, '-c', command.script]
}

const USUAL_WEIGHT = 100
/**
 * Where no control group gives out shares of the CPU, the kernel gives one to each session (sched(7), autogroup) or
 * to each process. A build takes less of either. A courtesy, no wall: what it starts in a session of its own does not.
 */
const STEP_BACK = 'echo 10 2>/dev/null >/proc/self/autogroup || :; renice -n 10 -p $$ >/dev/null 2>&1 || :; '

function limited(host: SandboxHost, limits: Command['limits']): string[] {
  return [
    host.programs.prlimit,
    // No core files: the host's handler for them runs as root.
    '--core=0',
    // Counted per user namespace, so per sandbox: the fork bomb ends at its own wall.
    `--nproc=${limits.processes}`,
    // Between two looks at a build's folder, one file could fill the disk.
    ...(Number.isFinite(limits.fileBytes) ? [`--fsize=${limits.fileBytes}`] : []),
    // Per process only; a control group bounds them all together, and exactly, where there is one.
    ...(host.cgroups ? [] : [`--data=${limits.memoryBytes + RESERVED_BYTES}`]),
    '--',
  ]
}
