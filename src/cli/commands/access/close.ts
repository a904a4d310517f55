import { getSurface, isCloseOf, putOverrides, requireRoute } from '../../access/surface.ts'
import { requireInstance } from '../../apps.ts'
import { printJson, sayDone } from '../../cli.ts'
import { defineCommand, jsonInput, required, serverInput } from '../../command.ts'
import { connectAsUser } from '../../session.ts'

/** Takes a public route back, whatever the Spacefile of this and of later revisions says. */
export const closeRoute = defineCommand({
  name: 'access close',
  summary: 'Make a public route private, at once and for later revisions',
  input: {
    app: required('name, alias or id'),
    micro: required('micro that serves the route'),
    pattern: required("the route as in the Spacefile: /ping, '/hooks/*'"),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const connection = await connectAsUser(cli, input.server)
    const instance = await requireInstance(cli, connection, input.app)
    const before = await getSurface(connection, instance)
    const route = requireRoute(before, input)
    const { micro, pattern, outside, state } = route
    const isClosed = state === 'closed' || before.overrides.some(isCloseOf(route))
    const surface = isClosed
      ? before
      : await putOverrides(connection, instance, [...before.overrides, { micro, kind: 'close', pattern }])
    sayDone(cli, isClosed ? `${outside} is closed already` : `Closed ${outside}: the next stranger gets 401`)
    if (input.json) printJson(cli, { instance_id: instance.id, ...surface })
  },
})
