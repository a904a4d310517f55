import { readdir, readlink } from 'node:fs/promises'
import { listeningPorts } from './listening-ports.ts'
import { descendantsOf, stateOf } from './process-tree.ts'

/** Maximum number of processes that are searched for the listener: an app with many processes must not slow down the server. */
const MOST_PROCESSES = 256

/**
 * Returns a check whether every process that listens on `port`, among `pid` and its descendants, is stopped by a
 * signal. The listeners are searched once, and again when the known ones have exited or are stopped.
 */
export function createStopCheck(pid: number, port: number): () => Promise<boolean> {
  let servers: readonly number[] = []
  return async () => {
    if (servers.some(isServing)) return false
    servers = await findServers(pid, port)
    return servers.length > 0 && servers.every(isStopped)
  }
}

const isStopped = (pid: number): boolean => stateOf(pid) === 'T'
const isServing = (pid: number): boolean => !['T', 'Z', 'X', null].includes(stateOf(pid))

async function findServers(pid: number, port: number): Promise<number[]> {
  const listening = (await listeningPorts(pid)).filter((at) => at.port === port)
  const links = new Set(listening.map(({ inode }) => `socket:[${inode}]`))
  const processes = links.size === 0 ? [] : [pid, ...descendantsOf(pid, MOST_PROCESSES)]
  const holds = await Promise.all(processes.map((process) => holdsAny(process, links)))
  return processes.filter((_, at) => holds[at])
}

/** Whether a descriptor of the process links to one of these; false once the process has exited. */
async function holdsAny(pid: number, links: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`
  const names = await readdir(folder).catch(() => [])
  for (const name of names) if (links.has(await readlink(`${folder}/${name}`).catch(() => ''))) return true
  return false
}
