import { api } from '../api/calls.ts'
import { type Cli, printJson, sayDone } from '../context.ts'
import { defineCommand, jsonInput, serverInput } from '../command.ts'
import type { Audit } from '../../contract/index.ts'
import { CliError } from '../failure.ts'
import { count } from '../format.ts'
import { printable } from '../printable.ts'
import { connectToRevision, revisionInputs } from '../revision.ts'

/** Exit code 1 for vulnerabilities, and 3 when none were found but a registry could not be asked. */
export const audit = defineCommand({
  name: 'audit',
  summary: 'List packages of a revision with known vulnerabilities',
  input: { ...revisionInputs, server: serverInput, json: jsonInput },
  async run(cli, input) {
    const { connection, build } = await connectToRevision(cli, input)
    const found = await api(connection, 'GET /builds/:id/audit', { params: { id: build.id } })
    if (!cli.wantsJson) for (const each of found.packages) showPackage(cli, each)
    requireClean(found)
    sayDone(cli, `Revision ${build.tag} has no packages with known vulnerabilities.`)
    if (cli.wantsJson) printJson(cli, found)
  },
})

function showPackage(cli: Cli, { name, version, vulnerabilities }: Audit['packages'][number]): void {
  cli.out.line(cli.out.colors.bold(`${printable(name)} ${printable(version)}`))
  for (const { id, severity, title, url, fixed_in: fixedIn } of vulnerabilities) {
    cli.out.line(printable(`  ${severity ? `${severity}: ` : ''}${title} (${id})`))
    if (url) cli.out.line(printable(`    ${url}`))
    cli.out.line(
      printable(`    ${fixedIn.length > 0 ? `fixed in ${fixedIn.join(', ')}` : 'no fixed version known'}`),
    )
  }
}

function requireClean(found: Audit): void {
  const details = found.unasked.map(({ registry, reason }) =>
    printable(`${NAMES[registry]} could not be asked: ${reason}`),
  )
  const { length } = found.packages
  if (length > 0)
    throw new CliError('vulnerable', `${count(length, 'package')} with known vulnerabilities.`, {
      details,
      hints: ['Update the packages, then run: space push'],
      result: found,
    })
  if (details.length > 0)
    throw new CliError('not_audited', 'No vulnerabilities were found, but not all packages were checked.', {
      details,
      exitCode: 3,
      result: found,
    })
}

const NAMES = { npm: 'The npm registry', pypi: 'The Python index', cargo: 'The registry of crates' } as const
