import { type Cli, printJson, sayDone, sayNotice } from '../cli.ts'
import { defineCommand, jsonInput } from '../command.ts'
import { versionLine } from '../version.ts'

/** Whether this machine can run a server as it should. Asks no server. */
export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Check whether this machine can run apps safely',
  input: { json: jsonInput },
  async run(cli, input) {
    const { detectSandbox } = await import('../../runtime/index.ts')
    const sandbox = await detectSandbox()
    if (input.json) return printJson(cli, { version: versionLine(), sandbox })
    say(cli, sandbox)
  },
})

function say(cli: Cli, sandbox: { readonly available: boolean; readonly summary: string }): void {
  if (sandbox.available) sayDone(cli, `Sandbox: ${sandbox.summary}`)
  else sayNotice(cli, `Sandbox: ${sandbox.summary}`)
}
