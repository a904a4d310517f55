import { api } from '../api/calls.ts'
import { connectToInstance } from '../apps.ts'
import { printJson } from '../context.ts'
import { defineCommand, jsonInput, optional, serverInput, text } from '../command.ts'
import { CliError } from '../failure.ts'
import { printable } from '../printable.ts'

/** What a revision is made of: a table, or CycloneDX with `--json`. */
export const sbom = defineCommand({
  name: 'sbom',
  summary: 'List the packages of a revision (--json: CycloneDX)',
  input: {
    app: optional('name, alias or id; default: the app of this folder'),
    revision: text('tag', 'tag of the revision; default: the one that runs', { short: 'r' }),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const { connection, instance } = await connectToInstance(cli, input)
    const { builds } = await api(connection, 'GET /builds', {
      query: { app_id: instance.app_id, per_page: 100 },
    })
    const tag = input.revision ?? instance.revision_tag
    const build = builds.find((each) => each.tag === tag && each.status === 'complete')
    if (!build)
      throw new CliError('not_found', `There is no revision ${tag} of this app.`, {
        hints: ['Choose one that a push has printed, or leave --revision out.'],
      })
    const found = await api(connection, 'GET /builds/:id/sbom', { params: { id: build.id } })
    if (cli.wantsJson) return printJson(cli, found)
    const packages = found.components.filter(({ type }) => type === 'library')
    for (const { name, version } of [...found.metadata.tools.components, ...packages])
      cli.out.line(`${printable(name)} ${printable(version)}`)
  },
})
