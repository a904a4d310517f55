import { changeRoute, routeInput } from '../../access/change-route.ts'
import { examplesOf } from '../../access/route-text.ts'
import { isCloseOf } from '../../access/surface.ts'
import { sayDone, sayNotice } from '../../context.ts'
import { defineCommand } from '../../command.ts'

/** Reverts `access close`. Nothing becomes public that the Spacefile does not declare. */
export const reopenRoute = defineCommand({
  name: 'access reopen',
  summary: 'Make a closed route public again',
  input: routeInput,
  run: (cli, input) =>
    changeRoute(cli, input, {
      overrides: (route, { overrides }) => {
        const isCloser = isCloseOf(route)
        const rest = overrides.filter((override) => !isCloser(override))
        return rest.length === overrides.length ? null : rest
      },
      say: (route, isChanged) => {
        if (!isChanged) return sayDone(cli, `${route.outside} is not closed`)
        const examples = examplesOf(route)
        const such = examples.length > 0 ? `, for example ${examples.join(', ')}` : ''
        sayNotice(cli, `${route.outside} is public again${such}`)
      },
    }),
})
