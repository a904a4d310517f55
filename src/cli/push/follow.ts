import { setTimeout as delay } from 'node:timers/promises'
import type { Build, Installation, Promotion } from '../../contract/index.ts'
import { followLines, getJson } from '../api/calls.ts'
import type { Connection } from '../api/connection.ts'
import { CliError } from '../failure.ts'

/** A build, a promotion or an installation (COMPAT 3.5); only `complete` is success. */
type Work = Pick<Build, 'id' | 'status' | 'failure'>

/** How a release came to an instance; without an instance when it never got so far. */
export type Outcome = Work & Pick<Installation, 'instance_id'>

type OnLine = (line: string) => void

const UNSETTLED = ['pending', 'running']
const POLL_MS = 200
/** The release of a build exists before its log ends; the bound is for a server that breaks off in between. */
const RELEASE_ATTEMPTS = 50

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
  const released = await follow<Work>(connection, `/v0/promotions/${promotion.id}`, () => {})
  // The address is a line of its own in the log (COMPAT 3.5); it is shown with the result.
  const onProse = (line: string) => void (/^https?:\/\/\S+$/.test(line) || onLine(line))
  if (released.status !== 'complete') return { ...released, instance_id: '' }
  const installation = await first<Installation>(connection, 'installations', { release_id: promotion.id })
  return {
    ...installation,
    ...(await follow<Work>(connection, `/v0/installations/${installation.id}`, onProse)),
  }
}

async function follow<T extends Work>(connection: Connection, path: string, onLine: OnLine): Promise<T> {
  for await (const line of followLines(connection, `${path}/logs`)) onLine(line)
  // A proxy on the way may end a log that has been silent; the work goes on.
  for (;;) {
    const work = await getJson<T>(connection, path)
    if (!UNSETTLED.includes(work.status)) return work
    await delay(POLL_MS)
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
  throw new CliError('connection_lost', `${connection.server.origin} built the app and did not start it.`, {
    hints: ['Its own log says why. Push again: space push'],
  })
}
