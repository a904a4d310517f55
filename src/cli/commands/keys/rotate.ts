import { postJson } from '../../api/calls.ts'
import type { NewApiKey } from '../../../contract/index.ts'
import { connectToInstance } from '../../apps.ts'
import { sayDone } from '../../context.ts'
import { defineCommand, jsonInput, required, serverInput, text } from '../../command.ts'
import { usageError } from '../../failure.ts'
import { apiKeyPath, requireApiKey } from '../../keys/api-keys.ts'
import { sayNewKey } from '../../keys/say-new-key.ts'
import { parseDuration } from '../../time.ts'

/** A new key with the name and limits of an old one, which keeps working for a while so that clients can switch. */
export const rotateKey = defineCommand({
  name: 'keys rotate',
  summary: 'Replace an API key; the old one keeps working for a while',
  input: {
    app: required('name, alias or id'),
    key: required('name or id of the key'),
    overlap: text('time', 'how long the old key keeps working: 0m, 12h, 30d', { default: '24h' }),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const overlapSeconds = parseDuration(input.overlap)
    if (overlapSeconds === null) throw usageError('--overlap must be a duration, for example 0m, 12h or 30d')
    const { connection, instance } = await connectToInstance(cli, input)
    const old = await requireApiKey(connection, instance, input.key)
    const path = `${apiKeyPath(instance, old)}/rotate`
    const key = await postJson<NewApiKey>(connection, path, { overlap_seconds: overlapSeconds })
    const ending = overlapSeconds === 0 ? 'is revoked' : `expires in ${input.overlap}`
    sayDone(
      cli,
      `Replaced the key ${cli.err.colors.bold(key.name)}; the old one ${ending}. Store the new one now: it is not shown again.`,
    )
    sayNewKey(cli, instance, key)
  },
})
