import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Cli, printJson, sayDone, sayNotice } from '../context.ts'
import { defineCommand, dirInput, jsonInput } from '../command.ts'
import { CliError } from '../failure.ts'
import { count } from '../format.ts'
import { checkIcon } from '../project/icon.ts'
import { type ValidProject, diagnosticLines, readProject, requireValid } from '../project/project.ts'

/** Checks Spacefile and icon as a push would, without a server (COMPAT 2.5, 2.8). */
export const validate = defineCommand({
  name: 'validate',
  summary: 'Check the Spacefile',
  input: { dir: dirInput, json: jsonInput },
  async run(cli, input) {
    const project = await requireValid(cli, await readProject(cli, input.dir), 'check')
    for (const line of await diagnosticLines(project, cli.err.colors)) if (line) cli.err.line(line)
    checkProjectIcon(cli, project)
    const { micros } = project.spacefile
    sayDone(
      cli,
      `The Spacefile is valid: ${count(micros.length, 'micro')} (${micros.map(({ name }) => name).join(', ')})`,
    )
    if (input.json) printJson(cli, { valid: true, diagnostics: project.diagnostics })
  },
})

function checkProjectIcon(cli: Cli, { dir, spacefile }: ValidProject): void {
  if (spacefile.icon === null) return sayNotice(cli, 'No icon is set; the app gets a generated one')
  const check = checkIcon(readIcon(join(dir, spacefile.icon), spacefile.icon))
  if (check.kind === 'bad') throw new CliError('bad_file', `The icon ${spacefile.icon} ${check.problem}.`)
}

function readIcon(path: string, name: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (cause) {
    throw new CliError('bad_file', `The icon ${name} cannot be read.`, {
      details: [(cause as Error).message],
      cause,
    })
  }
}
