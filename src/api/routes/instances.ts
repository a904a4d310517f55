import { type BodyOf, calls } from '../../contract/index.ts'
import {
  type EnvValue,
  type Instance,
  listEnvValues,
  listInstances,
  setEnvValues,
} from '../../instances/index.ts'
import { notFound } from '../../kernel/http-error.ts'
import type { LogEntry } from '../../runner/index.ts'
import { keptAnswer } from '../views/collection.ts'
import { instanceAnswer } from '../views/instance.ts'
import type { Caller } from '../caller.ts'
import { route } from '../route.ts'
import { isoTime } from '../../kernel/iso-time.ts'

/** Values of settings may be secrets of other services: a limited token must not read them. */
const mayReadValues = (caller: Caller) => caller.kind === 'session' || caller.scope === 'all'
const hidden = (values: readonly EnvValue[]) => values.map((one) => ({ ...one, value: '' }))

export const instanceRoutes = [
  route(calls.listInstances, async (context, { caller, query }) => {
    const { app_id, channel, alias } = query
    const instances = await listInstances(context.db, caller.user.id, { appId: app_id, channel, alias })
    return { instances: instances.map((instance) => instanceAnswer(context, instance)) }
  }),
  route(calls.getInstance, async (context, { caller, instance }) => {
    const values = await listEnvValues(context.db, context.sealer, instance.id)
    return instanceAnswer(context, instance, mayReadValues(caller) ? values : hidden(values))
  }),
  route(calls.updateInstance, async (context, { instance, body }) => {
    await setEnvValues(context.db, context.sealer, instance.id, declaredValues(instance, body))
    await context.instances.restart(instance)
    return instanceAnswer(context, instance, await listEnvValues(context.db, context.sealer, instance.id))
  }),
  route(calls.deleteInstance, async ({ instances }, { instance, query }) =>
    keptAnswer(await instances.remove(instance, { keepsData: query.keep_data })),
  ),
  route(calls.getIcon, async ({ instances }, { instance }) => {
    const icon = instances.iconOf(instance)
    if (instance.iconType === null || !(await icon.exists())) throw notFound('This app has no icon')
    // A developer uploaded the file: whatever it contains, it must not run as a page of Home.
    const headers = {
      'Content-Type': instance.iconType,
      'Content-Security-Policy': "default-src 'none'; sandbox",
    }
    return new Response(await icon.arrayBuffer(), { headers })
  }),
  route(calls.readInstanceLog, async ({ readMicroLog }, { instance, query }) => {
    const { micro, limit } = query
    if (micro !== undefined && !instance.micros.some(({ name }) => name === micro))
      throw notFound('There is no such micro')
    const lines = await readMicroLog(instance.id, { micro, limit })
    return { logs: lines.map(logAnswer) }
  }),
]

const logAnswer = ({ micro, stream, timestampMs, text }: LogEntry) => ({
  micro_name: micro,
  event_type: stream,
  timestamp: isoTime(timestampMs),
  msg: text,
})

/** Values of settings that the serving revision declares; other names are ignored (COMPAT 3.2). */
function declaredValues(instance: Instance, body: BodyOf<typeof calls.updateInstance>): EnvValue[] {
  return body.micros.flatMap(({ name: micro, presets }) => {
    const declared = instance.micros.find(({ name }) => name === micro)?.env ?? []
    return presets.env
      .filter(({ name }) => declared.some((preset) => preset.name === name))
      .map(({ name, value }) => ({ micro, name, value }))
  })
}
