import { readdir, readlink } from 'node:fs/promises'
import { listeningPorts } from './listening-ports.ts'
import { descendantsOf, stateOf } from './process-tree.ts'

/** Processes that are looked through for the one that listens: a swarm must not cost the server its time. */
const MOST_PROCESSES = 256

/**
 * Makes a check whether all processes, of `pid` and those below, that listen on `port` are stopped by a signal. It looks for them
 * once, and again when those that it knows have ended or are stopped.
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

/** Whether a descriptor of the process leads to one of these; false once it has gone. */
async function holdsAny(pid: number, links: ReadonlySet<string>): Promise<boolean> {
  const folder = `/proc/${pid}/fd`
  const names = await readdir(folder).catch(() => [])
  for (const name of names) if (links.has(await readlink(`${folder}/${name}`).catch(() => ''))) return true
  return false
}
