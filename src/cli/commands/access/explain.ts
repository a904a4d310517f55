import { explanationLines } from '../../access/explanation-lines.ts'
import { requestOf } from '../../access/request.ts'
import type { Explanation } from '../../../contract/index.ts'
import { getJson, postJson } from '../../api/calls.ts'
import { requireInstance } from '../../apps.ts'
import { printJson } from '../../context.ts'
import { defineCommand, jsonInput, optional, required, serverInput } from '../../command.ts'
import { connectAsUser } from '../../connect.ts'

/** Explains a past refusal, or how a request without credentials would be judged. */
export const explainAccess = defineCommand({
  name: 'access explain',
  summary: 'Explain why a request is allowed or refused',
  input: {
    request: required('id of a refusal, or the method of a request, for example GET'),
    url: optional('URL of the request, or a path of the app of this folder'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const request = requestOf(input.request, input.url)
    const connection = await connectAsUser(cli, input.server)
    const explain = async (): Promise<Explanation> => {
      if (request.kind === 'refusal')
        return await getJson(connection, `/v0/refusals/${encodeURIComponent(request.id)}`)
      const base = request.isPath ? (await requireInstance(cli, connection, undefined)).url : ''
      const { method, url } = request
      return await postJson(connection, '/v0/access/explain', { method, url: `${base}${url}` })
    }
    const explanation = await explain()
    if (input.json) return printJson(cli, explanation)
    for (const line of explanationLines(explanation, cli)) cli.out.line(line)
  },
})
