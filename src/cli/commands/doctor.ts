import { readServerConfig } from '../../config/index.ts'
import { printJson, sayDone } from '../cli.ts'
import { defineCommand, jsonInput } from '../command.ts'
import { CliError } from '../failure.ts'
import { versionLine } from '../version.ts'

/** Whether a server on this machine could wall off what it runs. Asks no server; fails when it could not. */
export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Check whether this machine can run apps safely',
  input: { json: jsonInput },
  async run(cli, input) {
    const { detectSandbox } = await import('../../runtime/index.ts')
    const { available, summary } = await detectSandbox(readServerConfig([], cli.env).sandbox)
    if (!available) throw new CliError('no_sandbox', summary)
    sayDone(cli, summary)
    if (input.json) printJson(cli, { version: versionLine(), sandbox: { available, summary } })
  },
})
