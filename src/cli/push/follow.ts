import { setTimeout as delay } from 'node:timers/promises'
import type { Build, Installation, Promotion } from '../../contract/index.ts'
import { followLines, getJson } from '../api/calls.ts'
import type { Connection } from '../api/connection.ts'
import { isOutage } from '../api/retry.ts'
import { CliError } from '../failure.ts'

/** A build, a promotion or an installation (COMPAT 3.5); only `complete` is success. */
/** `failed`: the app's fault. `internal-error`: the server's, or it stopped in the middle. */
export type Operation = Pick<Build, 'id' | 'status' | 'failure'>

/** How a release came to an instance; without an instance when it never got so far. */
export type Outcome = Operation & Pick<Installation, 'instance_id'>

type OnLine = (line: string) => void

const UNSETTLED = ['pending', 'running']
const POLL_MS = 200
const POLL_MAX_MS = 2_000
/** The release of a build exists before its log ends; the limit is for a server that stops in between. */
const RELEASE_ATTEMPTS = 50
/** A log that breaks this often without a new line is not the work of a restart. */
const CUTS_MAX = 5

/** Streams the log of a build and answers how it ended. */
export const followBuild = (connection: Connection, id: string, onLine: OnLine): Promise<Build> =>
  follow<Build>(connection, `/v0/builds/${encodeURIComponent(id)}`, onLine)

/** From a finished build to the installation on the developer's own instance, which starts the app. */
export async function followRelease(
  connection: Connection,
  buildId: string,
  onLine: OnLine,
): Promise<Outcome> {
  const promotion = await first<Promotion>(connection, 'promotions', { revision_id: buildId })
  const released = await follow<Operation>(connection, `/v0/promotions/${promotion.id}`, () => {})
  // The address is a line of its own in the log (COMPAT 3.5); it is shown with the result.
  const onProse = (line: string) => void (/^https?:\/\/\S+$/.test(line) || onLine(line))
  if (released.status !== 'complete') return { ...released, instance_id: '' }
  const installation = await first<Installation>(connection, 'installations', { release_id: promotion.id })
  return {
    ...installation,
    ...(await follow<Operation>(connection, `/v0/installations/${installation.id}`, onProse)),
  }
}

/**
 * Shows the log and answers how the operation ended. A log that breaks off, because the server restarts or a proxy ends
 * a silent connection, is taken up where it broke: the log and the status outlive the server's process.
 */
async function follow<T extends Operation>(connection: Connection, path: string, onLine: OnLine): Promise<T> {
  const log = createLogReader(connection, `${path}/logs`, onLine)
  for (let pollMs = POLL_MS; ; pollMs = Math.min(pollMs * 1.5, POLL_MAX_MS)) {
    const isWhole = await log.read()
    const operation = await getJson<T>(connection, path)
    const isSettled = !UNSETTLED.includes(operation.status)
    if (isSettled && isWhole) return operation
    await delay(pollMs)
  }
}

/** Each `read` shows the lines that no earlier one has shown; false when the log was cut. */
function createLogReader(connection: Connection, path: string, onLine: OnLine) {
  let shown = 0
  let cuts = 0
  return {
    async read(): Promise<boolean> {
      let index = 0
      try {
        for await (const line of followLines(connection, path)) {
          if (index++ < shown) continue
          shown = index
          cuts = 0
          onLine(line)
        }
        return true
      } catch (error) {
        if (!(error instanceof CliError && isOutage(error)) || ++cuts > CUTS_MAX) throw error
        return false
      }
    },
  }
}

async function first<T>(
  connection: Connection,
  name: 'promotions' | 'installations',
  query: Record<string, string>,
): Promise<T> {
  for (let attempt = 0; attempt < RELEASE_ATTEMPTS; attempt++) {
    const answer = await getJson<Record<string, T[]>>(connection, `/v0/${name}`, { per_page: 1, ...query })
    const [found] = answer[name] ?? []
    if (found) return found
    await delay(POLL_MS)
  }
  throw new CliError('connection_lost', `${connection.server.origin} built the app but did not start it.`, {
    hints: ["The server's log has the reason. Run again: space push"],
  })
}
