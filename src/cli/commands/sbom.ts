import { api } from '../api/calls.ts'
import { printJson } from '../context.ts'
import { defineCommand, jsonInput, serverInput } from '../command.ts'
import { printable } from '../printable.ts'
import { connectToRevision, revisionInputs } from '../revision.ts'

/** What a revision is made of: a table, or CycloneDX with `--json`. */
export const sbom = defineCommand({
  name: 'sbom',
  summary: 'List the packages of a revision (--json: CycloneDX)',
  input: {
    ...revisionInputs,
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const { connection, build } = await connectToRevision(cli, input)
    const found = await api(connection, 'GET /builds/:id/sbom', { params: { id: build.id } })
    if (cli.wantsJson) return printJson(cli, found)
    const packages = found.components.filter(({ type }) => type === 'library')
    for (const { name, version } of [...found.metadata.tools.components, ...packages])
      cli.out.line(`${printable(name)} ${printable(version)}`)
  },
})
