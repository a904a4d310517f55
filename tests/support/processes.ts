import { readFileSync, readdirSync } from 'node:fs'

/** Numbers of a server's processes of one role. */
export const serverProcesses = (
  { dataDir }: { readonly dataDir: string },
  role: 'platform' | 'gateway',
): number[] => processes((line) => line.includes(`--role=${role}`) && line.includes(dataDir))

/** Numbers of this machine's processes by their command line, whose arguments end with NUL. */
export const processes = (isMeant: (commandLine: string) => boolean): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isMeant(commandLineOf(name)))
    .map(Number)

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1')
  } catch {
    return ''
  }
}
