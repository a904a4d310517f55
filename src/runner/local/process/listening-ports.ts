import { open } from 'node:fs/promises'

const LISTEN = '0A'
/** Index of the field, counted from the one after the local address. */
const INODE = 7
/** Of a table: some four hundred lines. Sockets that listen come first, and an app can have a million of others. */
const TABLE_BYTES = 65_536
/** 127.0.0.2, as the machine stores it: little-endian on all machines that Bun runs on. */
const SPACE_V4 = '0200007F'
const LOOPBACK_V6 = '00000000000000000000000001000000'

export interface ListeningPort {
  readonly port: number
  /** Listens only on ::1, which cannot be reached from outside the namespace. */
  readonly v6LoopbackOnly: boolean
  /** Listens only on 127.0.0.2, the address of the names of Deta Space. */
  readonly isSpace: boolean
  /** As in `socket:[<inode>]`, the link target of a process's descriptor. */
  readonly inode: string
}

/** Listening TCP ports in the network namespace of a process (proc(5), /proc/pid/net/tcp). Empty once the process has exited. */
export async function listeningPorts(pid: number): Promise<ListeningPort[]> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readTable(`/proc/${pid}/net/${name}`).catch(() => '')),
  )
  return tables.flatMap(parseListening)
}

/** The whole lines at its beginning. */
async function readTable(path: string): Promise<string> {
  await using file = await open(path)
  const table = Buffer.alloc(TABLE_BYTES)
  let length = 0
  // The kernel gives a few lines at a time.
  for (let read = -1; read !== 0; length += read)
    read = (await file.read(table, length, TABLE_BYTES - length, null)).bytesRead
  return table.toString('latin1', 0, table.lastIndexOf('\n', length - 1) + 1)
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
      return {
        port: Number.parseInt(port, 16),
        v6LoopbackOnly: address === LOOPBACK_V6,
        isSpace: address === SPACE_V4,
        inode: rest[INODE]!,
      }
    })
}
