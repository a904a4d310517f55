import { examplesOf } from '../../access/route-text.ts'
import { getSurface, isCloseOf, putOverrides, requireRoute } from '../../access/surface.ts'
import { requireInstance } from '../../apps.ts'
import { printJson, sayDone, sayNotice } from '../../cli.ts'
import { defineCommand, jsonInput, required, serverInput } from '../../command.ts'
import { connectAsUser } from '../../session.ts'

/** Takes `access close` back. It opens no more than the Spacefile does. */
export const reopenRoute = defineCommand({
  name: 'access reopen',
  summary: 'Make a closed route public again',
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
    const isCloser = isCloseOf(route)
    const rest = before.overrides.filter((override) => !isCloser(override))
    const isOpen = rest.length === before.overrides.length
    const surface = isOpen ? before : await putOverrides(connection, instance, rest)
    const examples = examplesOf(route)
    if (isOpen) sayDone(cli, `${route.outside} is not closed`)
    else
      sayNotice(
        cli,
        `Anyone can open ${route.outside} again${examples.length > 0 ? `, such as ${examples.join(', ')}` : ''}`,
      )
    if (input.json) printJson(cli, { instance_id: instance.id, ...surface })
  },
})
