import { api } from '../../api/calls.ts'
import { connectToInstance } from '../../apps.ts'
import { defineCommand, flag, jsonInput, list, required, serverInput } from '../../command.ts'
import { printJson, sayDone } from '../../context.ts'
import { usageError } from '../../failure.ts'
import { printable } from '../../printable.ts'
import type { DataForStrangers } from '../../../contract/index.ts'

interface Wanted {
  readonly readOnly: boolean
  readonly base: readonly string[]
  readonly drive: readonly string[]
  readonly needIdentity: boolean
  readonly unlimited: boolean
}

/** Limits what the app may do with its data while it answers a request without credentials. Without a flag it says what holds. */
export const limitData = defineCommand({
  name: 'access data',
  summary: 'Limit the data that an app may use while it answers strangers',
  input: {
    app: required('name, alias or id'),
    readOnly: flag('the app may read only'),
    base: list('name', 'the app may use this Base only; repeatable'),
    drive: list('name', 'the app may use this Drive only; repeatable'),
    needIdentity: flag('calls without an identity are limited too'),
    unlimited: flag('remove the limits'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const wanted = limitsOf(input)
    const { connection, instance } = await connectToInstance(cli, input)
    const params = { id: instance.id }
    const { limits } =
      wanted === undefined
        ? await api(connection, 'GET /instances/:id/access/data', { params })
        : await api(connection, 'PUT /instances/:id/access/data', { params, body: { limits: wanted } })
    sayDone(cli, sentence(limits))
    if (input.json) printJson(cli, { instance_id: instance.id, limits })
  },
})

/** Undefined: no change is asked for. */
function limitsOf({
  readOnly,
  base,
  drive,
  needIdentity,
  unlimited,
}: Wanted): DataForStrangers | null | undefined {
  const isLimited = readOnly || base.length > 0 || drive.length > 0
  if (unlimited && (isLimited || needIdentity))
    throw usageError('--unlimited removes all limits, so no other flag goes with it')
  if (unlimited) return null
  if (!isLimited && needIdentity) throw usageError('--need-identity needs a limit, such as --read-only')
  if (!isLimited) return undefined
  const names = base.length + drive.length > 0
  return {
    read_only: readOnly,
    bases: names ? [...base] : null,
    drives: names ? [...drive] : null,
    needs_identity: needIdentity,
  }
}

function sentence(limits: DataForStrangers | null): string {
  if (limits === null) return 'While the app answers strangers, it may use all of its data'
  const { read_only, bases, drives, needs_identity } = limits
  const named = [...namesOf('Base', bases), ...namesOf('Drive', drives)]
  const what = bases === null && drives === null ? 'all of its data' : named.join(', ') || 'no data'
  const also = needs_identity ? ', and also when it does not say whom it answers' : ''
  return `While the app answers strangers, it may ${read_only ? 'read' : 'use'} ${what}${also}`
}

const namesOf = (kind: string, names: readonly string[] | null): string[] =>
  (names ?? []).map((name) => `${kind} ${printable(name)}`)
