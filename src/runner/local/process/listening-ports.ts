import { readFile } from 'node:fs/promises'

const LISTEN = '0A'
/** Index of the field, counted from the one after the local address. */
const INODE = 7
const LOOPBACK_V6 = '00000000000000000000000001000000'

export interface ListeningPort {
  readonly port: number
  /** Listens only on ::1, which cannot be reached from outside the namespace. */
  readonly v6LoopbackOnly: boolean
  /** As in `socket:[<inode>]`, the link target of a process's descriptor. */
  readonly inode: string
}

/** Listening TCP ports in the network namespace of a process (proc(5), /proc/pid/net/tcp). Empty once the process has exited. */
export async function listeningPorts(pid: number): Promise<ListeningPort[]> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/${pid}/net/${name}`, 'latin1').catch(() => '')),
  )
  return tables.flatMap(parseListening)
}

/** Parses lines of `sl local_address rem_address st …`; addresses are hexadecimal, in the byte order of the machine. */
export function parseListening(table: string): ListeningPort[] {
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTEN)
    .map(([, local = '', ...rest]) => {
      const [address, port = ''] = local.split(':')
      return { port: Number.parseInt(port, 16), v6LoopbackOnly: address === LOOPBACK_V6, inode: rest[INODE]! }
    })
}
