import { resolve } from 'node:path'
import { BackupRefused, restoreBackup } from '../../backup-file/index.ts'
import { readServerConfig } from '../../config/index.ts'
import { readPassphraseFile } from '../backup/passphrase.ts'
import { defineCommand, jsonInput, required, text } from '../command.ts'
import { printJson, sayDone } from '../context.ts'
import { CliError } from '../failure.ts'
import { count, formatBytes } from '../format.ts'

/** Restores a backup on this machine to an empty data folder, after it has compared every file. Contacts no server. */
export const restore = defineCommand({
  name: 'restore',
  summary: 'Restore a backup of a server to an empty data folder',
  input: {
    file: required('the archive'),
    data: text('folder', 'data folder, as for serve'),
    passphraseFile: text('file', 'file with the passphrase of the archive'),
    json: jsonInput,
  },
  async run(cli, { file, data, passphraseFile, json }) {
    const passphrase = readPassphraseFile(cli, passphraseFile)
    const wanted = data === undefined ? [] : [`--data=${resolve(cli.cwd, data)}`]
    const { dataDir } = readServerConfig(wanted, cli.env)
    cli.err.progress(`Restoring to ${dataDir}`)
    const restored = await restoreBackup(resolve(cli.cwd, file), { folder: dataDir, passphrase }).catch(
      (error: unknown) => {
        throw asCliError(error, dataDir)
      },
    )
    const { createdAt, entries, bytes } = restored
    sayDone(cli, `Restored ${count(entries, 'file')} (${formatBytes(bytes)}) of ${createdAt} to ${dataDir}`)
    cli.err.line(`Start the server: ${cli.command} serve --data ${dataDir}`)
    if (json) printJson(cli, { data: dataDir, created_at: createdAt, entries, bytes })
  },
})

function asCliError(error: unknown, folder: string): unknown {
  const { code, message } = error as NodeJS.ErrnoException
  if (error instanceof BackupRefused) {
    const [first = '', ...hints] = message.split('\n')
    return new CliError('bad_file', first, { hints, cause: error })
  }
  if (code === undefined) return error
  return new CliError('bad_file', `${folder} could not be written: ${message}`, {
    hints: ['Nothing was restored. Make room or choose another folder, then run the command again.'],
    cause: error,
  })
}
