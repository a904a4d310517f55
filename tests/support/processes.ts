import { readFileSync, readdirSync } from 'node:fs'

/** Numbers of a server's processes of one role. */
export const serverProcesses = (
  { dataDir }: { readonly dataDir: string },
  role: 'platform' | 'gateway' | 'data',
): number[] => processes((line) => line.includes(`--role=${role}`) && line.includes(dataDir))

/** Numbers of this machine's processes by their command line, whose arguments end with NUL. */
export const processes = (isMeant: (commandLine: string) => boolean): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => isMeant(commandLineOf(pid)))

export const childrenOf = (pid: number): number[] =>
  processes((line) => line !== '').filter((child) => parentOf(child) === pid)

/** The fourth field, behind a name in parentheses that may contain anything. */
const parentOf = (pid: number): number => Number(/^.*\) \S (\d+) /s.exec(readProcess(pid, 'stat'))?.[1] ?? 0)

/** Empty for a process that has ended. */
export const commandLineOf = (pid: number): string => readProcess(pid, 'cmdline')

function readProcess(pid: number, file: 'cmdline' | 'stat'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1')
  } catch {
    return ''
  }
}
