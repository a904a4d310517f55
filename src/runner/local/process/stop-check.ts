import { readdir, readlink } from 'node:fs/promises'
import { listeningPorts } from './listening-ports.ts'
import { descendantsOf, stateOf } from './process-tree.ts'

/** Limits of the search for the listening process: an app with many processes must cost the server neither time nor memory. */
const MOST_PROCESSES = 256
const MOST_DESCRIPTORS = 5_000

/**
 * Returns a check whether every process that listens on `port`, among `pid` and its descendants, is stopped by a
 * signal. The listeners are searched once, and again when the known ones have exited or are stopped.
 */
export function createStopCheck(
  pid: number,
  port: number,
  mostDescriptors = MOST_DESCRIPTORS,
): () => Promise<boolean> {
  let servers: readonly number[] = []
  return async () => {
    if (servers.some(isServing)) return false
    servers = await findServers(pid, port, mostDescriptors)
    return servers.length > 0 && servers.every(isStopped)
  }
}

const isStopped = (pid: number): boolean => stateOf(pid) === 'T'
const isServing = (pid: number): boolean => !['T', 'Z', 'X', null].includes(stateOf(pid))

async function findServers(pid: number, port: number, mostDescriptors: number): Promise<number[]> {
  const listening = (await listeningPorts(pid)).filter((at) => at.port === port)
  const links = new Set(listening.map(({ inode }) => `socket:[${inode}]`))
  const processes = links.size === 0 ? [] : [pid, ...descendantsOf(pid, MOST_PROCESSES)]
  const servers: number[] = []
  let left = mostDescriptors
  // One after the other: what all have open at once may be millions of names.
  for (const process of processes.slice(0, MOST_PROCESSES)) {
    const { isFound, looked } = await lookFor(links, process, left)
    if (isFound) servers.push(process)
    left -= looked
    if (left <= 0) break
  }
  return servers
}

/** Whether one of the first `most` descriptors of the process links to one of these; false once the process has exited. */
async function lookFor(
  links: ReadonlySet<string>,
  pid: number,
  most: number,
): Promise<{ isFound: boolean; looked: number }> {
  const folder = `/proc/${pid}/fd`
  const names = (await readdir(folder).catch(() => [])).slice(0, most)
  for (const [at, name] of names.entries())
    if (links.has(await readlink(`${folder}/${name}`).catch(() => '')))
      return { isFound: true, looked: at + 1 }
  return { isFound: false, looked: names.length }
}
