import { readdirSync, readFileSync } from 'node:fs'
import { cpuMicros } from './cpu-time.ts'

/** A process under measurement, with all that it starts. */
export interface Measured extends Disposable {
  readonly pid: number
}

/** Starts a command and reads the port that it prints on its first line. */
export async function startPrintingPort(
  command: readonly string[],
): Promise<Measured & { readonly port: number }> {
  const child = Bun.spawn([...command], { stdout: 'pipe', stderr: 'inherit' })
  const reader = child.stdout.getReader()
  const { value } = await reader.read()
  reader.releaseLock()
  const port = Number(new TextDecoder().decode(value).trim())
  if (!port) throw new Error(`${command.join(' ')} did not print a port`)
  return { pid: child.pid, port, [Symbol.dispose]: () => child.kill() }
}

/** Starts a server with a configuration, and waits until it answers on the port. */
export async function startListening(command: readonly string[], port: number): Promise<Measured> {
  const child = Bun.spawn([...command], { stdout: 'ignore', stderr: 'ignore' })
  while (!(await answers(port))) if (child.exitCode !== null) throw new Error(`${command[0]} did not start`)
  return { pid: child.pid, [Symbol.dispose]: () => child.kill() }
}

const answers = (port: number): Promise<boolean> =>
  fetch(`http://127.0.0.1:${port}/`).then(
    () => true,
    () => false,
  )

export function freePort(): number {
  using listener = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data() {} } })
  return listener.port
}

/** CPU time of the processes and their children so far, in microseconds. */
export const treeCpuMicros = (pids: readonly number[]): number =>
  pids.flatMap(withChildren).reduce((sum, pid) => sum + cpuMicros(pid), 0)

/** Memory of the processes and their children that is in RAM now, in megabytes. */
export const treeRssMb = (pids: readonly number[]): number =>
  pids.flatMap(withChildren).reduce((sum, pid) => sum + rssMb(pid), 0)

function rssMb(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024
}

function withChildren(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number),
  )
  return [pid, ...children.flatMap(withChildren)]
}
