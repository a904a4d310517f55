import { type Override, diagnoseRoutes, surfaceOf } from '../../access/index.ts'
import { type DataForStrangers, getDataForStrangers } from '../../collections/index.ts'
import { calls } from '../../contract/index.ts'
import { type Instance, requireInstance } from '../../instances/index.ts'
import { invalid } from '../../kernel/http-error.ts'
import { explanationAnswer, surfaceAnswer } from '../../exposure/index.ts'
import { route } from '../route.ts'

/** Public routes and overrides of an instance, and explanations of decisions. */
export const accessRoutes = [
  route(calls.getSurface, ({ db, now }, { instance }) => surfaceAnswer(db, instance, now())),
  route(calls.setOverrides, async ({ db, instances, now }, { caller, instance, body }) => {
    for (const override of body.overrides) requireEffect(instance, override)
    await instances.setOverrides(instance, body.overrides)
    return surfaceAnswer(db, await requireInstance(db, caller.user.id, instance.id), now())
  }),
  route(calls.getDataForStrangers, async ({ db }, { instance }) => ({
    limits: limitsAnswer(await getDataForStrangers(db, instance.collectionId)),
  })),
  route(calls.setDataForStrangers, async ({ instances }, { instance, body: { limits } }) => {
    const wanted = limits && {
      isReadOnly: limits.read_only,
      bases: limits.bases,
      drives: limits.drives,
      needsIdentity: limits.needs_identity,
    }
    await instances.setDataForStrangers(instance, wanted)
    return { limits }
  }),
  route(calls.explainRequest, async (_, { instance, address, body }) =>
    explanationAnswer(instance, { method: body.method, ...address }),
  ),
  route(calls.explainRefusal, async (_, { instance, refusal }) => {
    const { method, origin, path } = refusal
    return explanationAnswer(instance, { method, origin, target: path, refusal })
  }),
]

const limitsAnswer = (limits: DataForStrangers | null) =>
  limits && {
    read_only: limits.isReadOnly,
    bases: limits.bases && [...limits.bases],
    drives: limits.drives && [...limits.drives],
    needs_identity: limits.needsIdentity,
  }

/** Throws 400 for an override without effect, unless the list had it before: an update may have removed its micro. */
function requireEffect({ micros, overrides: known }: Instance, override: Override): void {
  const { micro, kind, pattern } = override
  if (known.some((one) => one.micro === micro && one.kind === kind && one.pattern === pattern)) return
  if (!micros.some(({ name }) => name === micro))
    throw invalid(`There is no micro ${micro}; choose from: ${micros.map(({ name }) => name).join(', ')}`)
  const [error] = diagnoseRoutes([pattern]).filter(({ severity }) => severity === 'error')
  if (error) throw invalid(`${pattern}: ${error.message}; ${error.hint}`)
  const isRule = surfaceOf(micros).routes.some((route) => route.micro === micro && route.pattern === pattern)
  if (kind === 'close' && !isRule) throw invalid(`Micro ${micro} has no public route ${pattern}`)
}
