import type { Override, Surface, SurfaceRoute } from '../../contract/index.ts'
import { connectToInstance } from '../apps.ts'
import { type Cli, printJson } from '../context.ts'
import { jsonInput, required, serverInput } from '../command.ts'
import { getSurface, putOverrides, requireRoute } from './surface.ts'

/** Inputs of the commands that open and close a route. */
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
  /** The new overrides of the owner; null when nothing changes. */
  readonly overrides: (route: SurfaceRoute, before: Surface) => readonly Override[] | null
  readonly say: (route: SurfaceRoute, isChanged: boolean) => void
}

/** Opens or closes a route, effective for the next request. */
export async function changeRoute(cli: Cli, input: RouteInput, change: RouteChange): Promise<void> {
  const { connection, instance } = await connectToInstance(cli, input)
  const before = await getSurface(connection, instance)
  const route = requireRoute(before, input)
  const overrides = change.overrides(route, before)
  const surface = overrides === null ? before : await putOverrides(connection, instance, overrides)
  change.say(route, overrides !== null)
  if (input.json) printJson(cli, { instance_id: instance.id, ...surface })
}
