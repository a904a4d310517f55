import { type Override, diagnoseRoutes, surfaceOf } from '../../access/index.ts'
import { calls } from '../../contract/index.ts'
import { type Instance, requireInstance } from '../../instances/index.ts'
import { invalid } from '../../kernel/http-error.ts'
import { explanationAnswer, surfaceAnswer } from '../../exposure/index.ts'
import { route } from '../route.ts'

/** What is open, to whom, since when; and why a request is judged as it is. */
export const accessRoutes = [
  route(calls.getSurface, ({ db, now }, { instance }) => surfaceAnswer(db, instance, now())),
  route(calls.setOverrides, async ({ db, instances, now }, { caller, instance, body }) => {
    for (const override of body.overrides) requireMeaning(instance, override)
    await instances.setOverrides(instance, body.overrides)
    return surfaceAnswer(db, await requireInstance(db, caller.user.id, instance.id), now())
  }),
  route(calls.explainRequest, async (_, { instance, address, body }) =>
    explanationAnswer(instance, { method: body.method, ...address }),
  ),
  route(calls.explainRefusal, async (_, { instance, refusal }) => {
    const { method, origin, path } = refusal
    return explanationAnswer(instance, { method, origin, target: path, refusal })
  }),
]

/** Throws 400 for what would change nothing, unless it was said before: an update may have taken its micro away. */
function requireMeaning({ micros, overrides: known }: Instance, override: Override): void {
  const { micro, kind, pattern } = override
  if (known.some((one) => one.micro === micro && one.kind === kind && one.pattern === pattern)) return
  if (!micros.some(({ name }) => name === micro))
    throw invalid(`There is no micro ${micro}; there is ${micros.map(({ name }) => name).join(', ')}`)
  const [error] = diagnoseRoutes([pattern]).filter(({ severity }) => severity === 'error')
  if (error) throw invalid(`${pattern}: ${error.message}; ${error.hint}`)
  const isRule = surfaceOf(micros).routes.some((route) => route.micro === micro && route.pattern === pattern)
  if (kind === 'close' && !isRule) throw invalid(`Micro ${micro} has no public route ${pattern}`)
}
