import type { ImportLine } from '../../contract/index.ts'
import type { Cli } from '../context.ts'
import { CliError } from '../failure.ts'
import { count, formatBytes } from '../format.ts'
import { printable } from '../printable.ts'

/** Shows the progress of an import, and returns its last line. Throws when the server could not complete it. */
export async function followImport(cli: Cli, bytes: AsyncIterable<Uint8Array>): Promise<ImportLine> {
  const decoder = new TextDecoder()
  let rest = ''
  let last: ImportLine | null = null
  for await (const piece of bytes) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines.filter(Boolean)) {
      last = JSON.parse(line) as ImportLine
      cli.err.progress(`Imported ${summaryOf(last)}`)
    }
  }
  if (last?.error === undefined && last?.done) return last
  throw new CliError('connection_lost', last?.error ?? 'The server ended the import early.', {
    details: last ? [`Imported before that: ${summaryOf(last)}`] : [],
    hints: ['It is safe to import the archive again.'],
  })
}

export const summaryOf = ({ items, bases, files, drives, bytes }: ImportLine): string =>
  [
    `${count(items, 'item')} into ${count(bases, 'Base')}`,
    `${count(files, 'file')} (${formatBytes(bytes)}) into ${count(drives, 'Drive')}`,
  ].join(', ')

/** What was left out, for the terminal. */
export function failureLines({ failed, failures, skipped }: ImportLine): string[] {
  const more = failed - failures.length
  return [
    ...(skipped > 0 ? [`${count(skipped, 'other file')} of the archive left out`] : []),
    ...failures.map((failure) => `Not imported: ${printable(failure)}`),
    ...(more > 0 ? [`… and ${more} more`] : []),
  ]
}
