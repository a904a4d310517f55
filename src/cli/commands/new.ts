import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { DetectedMicro } from '../../spacefile/index.ts'
import { type Cli, printJson, sayDone, sayNotice } from '../context.ts'
import { defineCommand, dirInput, flag, jsonInput, serverInput, text } from '../command.ts'
import { CliError, usageError } from '../failure.ts'
import { listProjectFiles } from '../pack/walk.ts'
import { writeLink } from '../project/link.ts'
import { requireFolder } from '../project/project.ts'
import { readIgnore } from '../project/space-ignore.ts'
import { askText, askYesNo } from '../prompts.ts'
import { createApp } from '../push/target.ts'
import { connectAsUser } from '../connect.ts'

/** Creates a Spacefile for the contents of a folder, an app on the server, and the link between the two. */
export const newApp = defineCommand({
  name: 'new',
  summary: 'Create an app from a folder',
  input: {
    name: text('name', 'name of the app', { short: 'n' }),
    dir: dirInput,
    blank: flag('write a blank Spacefile, without detecting micros', { short: 'b' }),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const dir = requireFolder(cli, input.dir)
    const connection = await connectAsUser(cli, input.server)
    const name = input.name ?? (await askName(cli, basename(dir)))
    const micros = await writeMissingSpacefile(cli, dir, input.blank)
    const app = await createApp(cli, connection, name)
    writeLink(dir, app)
    if (input.json) return printJson(cli, { app: app.id, name: app.name, alias: app.alias })
    const isReady = micros === null || micros.length > 0
    const first = isReady ? '' : 'describe your micros in the Spacefile, then: '
    cli.err.line(`  Next: ${first}${cli.command} push`)
  },
})

function askName(cli: Cli, folderName: string): Promise<string> {
  if (!cli.isInteractive) throw usageError('--name is missing', 'For example: space new --name my-app')
  return askText(cli, 'Name of the app', {
    suggestion: folderName,
    check: (value) => (value.trim() ? undefined : 'A name is required'),
  })
}

/** Returns what was written; null when a Spacefile exists, which is never changed. */
async function writeMissingSpacefile(
  cli: Cli,
  dir: string,
  isBlank: boolean,
): Promise<DetectedMicro[] | null> {
  const path = join(dir, 'Spacefile')
  if (existsSync(path)) {
    sayNotice(cli, 'A Spacefile exists already; it is not changed')
    return null
  }
  const micros = isBlank ? [] : await acceptedMicros(cli, dir)
  const { writeSpacefile } = await import('../../spacefile/index.ts')
  try {
    writeFileSync(path, writeSpacefile(micros), { flag: 'wx' })
  } catch (cause) {
    throw new CliError('bad_file', `${path} cannot be written: ${(cause as Error).message}`, { cause })
  }
  sayDone(cli, micros.length > 0 ? 'Wrote the Spacefile' : 'Wrote a blank Spacefile')
  return micros
}

/** The detected micros (COMPAT 2.10), if the user confirms them; a script does not need to. */
async function acceptedMicros(cli: Cli, dir: string): Promise<DetectedMicro[]> {
  const { detectMicros } = await import('../../spacefile/index.ts')
  const files = listProjectFiles(dir, await readIgnore(dir))
  const found = detectMicros({
    name: basename(dir),
    paths: files.map(({ path }) => path),
    read: (path) => readText(join(dir, path)),
  })
  for (const { src, engine } of found) cli.err.line(`  Found ${cli.err.colors.bold(src)}: ${engine}`)
  if (found.length === 0 || !cli.isInteractive) return found
  return (await askYesNo(cli, 'Write a Spacefile for this?', true)) ? found : []
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
