import type { Upload } from '../api/calls.ts'
import { type Cli, sayDone } from '../context.ts'
import { count, formatBytes } from '../format.ts'
import type { Archive } from '../pack/archive.ts'
import { knownArchive, openRecord } from '../pack/packed.ts'
import type { NewBuild } from './new-build.ts'

/** The code of a push, packed when it is first needed. Disposing removes the archive. */
export interface Code extends Disposable {
  /** SHA-256 of the archive, where that is known without packing. */
  readonly known: string | null
  pack(): Promise<Upload>
}

export function openCode(cli: Cli, { project, files, rebuild }: NewBuild): Code {
  let archive: Archive | null = null
  return {
    known: rebuild ? null : knownArchive(project.dir, files),
    pack: async () => uploadOf(cli, (archive ??= await packFiles(cli, { project, files }))),
    [Symbol.dispose]: () => archive?.[Symbol.dispose](),
  }
}

async function packFiles(
  cli: Cli,
  { project, files }: Pick<NewBuild, 'project' | 'files'>,
): Promise<Archive> {
  // Most pushes of a large project need no archive, and the library is large.
  const { createArchive } = await import('../pack/archive.ts')
  const record = openRecord(project.dir)
  const archive = await createArchive(files, (index) =>
    cli.err.progress(`  Packing ${index + 1} of ${count(files.length, 'file')} …`),
  )
  record?.keep(files, archive)
  sayDone(cli, `Packed ${count(files.length, 'file')} (${formatBytes(archive.sizeBytes)})`)
  return archive
}

const uploadOf = (cli: Cli, { data, sizeBytes }: Archive): Upload => ({
  contentType: 'application/zip',
  data,
  onSent: (sentBytes) =>
    cli.err.progress(`  Uploading ${formatBytes(sentBytes)} of ${formatBytes(sizeBytes)} …`),
})
