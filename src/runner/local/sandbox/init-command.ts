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
  const wait = 'read -r _ || exit 125; exec "$@" </dev/null'
  return [...limited(host, command.limits), '/bin/sh', '-c', wait, 'sh', host.shell, '-c', command.script]
}

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
