import { printJson } from '../context.ts'
import { defineCommand, jsonInput } from '../command.ts'
import { CLI_VERSION, PLATFORM, versionLine } from '../version.ts'

export const version = defineCommand({
  name: 'version',
  summary: 'Print the version',
  input: { json: jsonInput },
  async run(cli, input) {
    if (input.json) printJson(cli, { version: CLI_VERSION, platform: PLATFORM })
    else cli.out.line(versionLine())
  },
})
