import { BackupRefused, seal, verifyBackup } from '../../backup-file/index.ts'
import { streamBytes } from '../api/streams.ts'
import { readPassphraseFile } from '../backup/passphrase.ts'
import { defineCommand, flag, jsonInput, required, serverInput, text } from '../command.ts'
import { connectAsUser } from '../connect.ts'
import { type Cli, printJson, readStdin, sayDone, sayNotice } from '../context.ts'
import { CliError, usageError } from '../failure.ts'
import { formatBytes } from '../format.ts'
import { askSecret } from '../prompts.ts'
import { saveArchive } from '../transfers/save-archive.ts'

/** Writes everything that the server keeps into one file, while it runs, and verifies the file. */
export const backup = defineCommand({
  name: 'backup',
  summary: 'Back up the whole server to a file, while it runs',
  input: {
    file: required('the archive'),
    passphraseFile: text('file', 'file with a passphrase that encrypts the archive'),
    passwordStdin: flag('read your password from stdin'),
    replace: flag('replace the file if it exists'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, { file, passphraseFile, passwordStdin, replace, server, json }) {
    const passphrase = readPassphraseFile(cli, passphraseFile)
    const connection = await connectAsUser(cli, server)
    const password = await readPassword(cli, passwordStdin)
    const body = { contentType: 'application/json', data: new Blob([JSON.stringify({ password })]) }
    const archive = streamBytes(connection, 'POST /backup', { body })
    const bytes = await saveArchive(cli, passphrase === null ? archive : seal(archive, passphrase), {
      file,
      isReplaced: replace,
      check: (path) => verify(path, passphrase),
    })
    sayDone(cli, `Backed up ${connection.server.origin} to ${file} (${formatBytes(bytes)}), and verified it`)
    if (passphrase === null)
      sayNotice(cli, 'The archive holds every secret of the server. To encrypt it: --passphrase-file <file>')
    if (json) printJson(cli, { file, bytes, encrypted: passphrase !== null })
  },
})

async function verify(path: string, passphrase: string | null): Promise<void> {
  try {
    await verifyBackup(path, passphrase)
  } catch (error) {
    if (!(error instanceof BackupRefused)) throw error
    throw new CliError('connection_lost', 'The backup is incomplete: the server ended it early.', {
      hints: ['The log of the server has the cause. What was there before is unchanged.'],
      cause: error,
    })
  }
}

async function readPassword(cli: Cli, fromStdin: boolean): Promise<string> {
  if (fromStdin && !cli.isInteractive) return (await readStdin(cli)).replace(/\r?\n$/, '')
  if (!cli.isInteractive)
    throw usageError(
      '--password-stdin is missing',
      'For example: space backup … --password-stdin < password.txt',
    )
  return (await askSecret(cli, 'Your password')) ?? ''
}
