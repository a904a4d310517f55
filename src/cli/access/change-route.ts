import type { Override, Surface, SurfaceRoute } from '../../contract/index.ts'
import { connectToInstance } from '../apps.ts'
import { type Cli, printJson } from '../context.ts'
import { jsonInput, required, serverInput } from '../command.ts'
import { getSurface, putOverrides, requireRoute } from './surface.ts'

/** What the commands take that open and close a route. */
export const routeInput = {
  app: required('name, alias or id'),
  micro: required('micro that serves the route'),
  pattern: required("the route as in the Spacefile: /ping, '/hooks/*'"),
  server: serverInput,
  json: jsonInput,
}

interface RouteInput {
  readonly app: string
  readonly micro: string
  readonly pattern: string
  readonly server: string | undefined
  readonly json: boolean
}

interface RouteChange {
  /** What the owner narrows from now on; null when the route is already as it should be. */
  readonly overrides: (route: SurfaceRoute, before: Surface) => readonly Override[] | null
  readonly say: (route: SurfaceRoute, isChanged: boolean) => void
}

/** Opens or closes the route that a person named; the next request is judged by it. */
export async function changeRoute(cli: Cli, input: RouteInput, change: RouteChange): Promise<void> {
  const { connection, instance } = await connectToInstance(cli, input)
  const before = await getSurface(connection, instance)
  const route = requireRoute(before, input)
  const overrides = change.overrides(route, before)
  const surface = overrides === null ? before : await putOverrides(connection, instance, overrides)
  change.say(route, overrides !== null)
  if (input.json) printJson(cli, { instance_id: instance.id, ...surface })
}
