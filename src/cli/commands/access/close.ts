import { changeRoute, routeInput } from '../../access/change-route.ts'
import { isCloseOf } from '../../access/surface.ts'
import { sayDone } from '../../context.ts'
import { defineCommand } from '../../command.ts'

/** Makes a public route private, regardless of the Spacefile of this and later revisions. */
export const closeRoute = defineCommand({
  name: 'access close',
  summary: 'Make a public route private, now and in later revisions',
  input: routeInput,
  run: (cli, input) =>
    changeRoute(cli, input, {
      overrides: (route, { overrides }) => {
        const { micro, pattern, state } = route
        const isClosed = state === 'closed' || overrides.some(isCloseOf(route))
        return isClosed ? null : [...overrides, { micro, kind: 'close', pattern }]
      },
      say: ({ outside }, isChanged) =>
        sayDone(
          cli,
          isChanged
            ? `Closed ${outside}: requests without credentials get 401`
            : `${outside} is already closed`,
        ),
    }),
})
