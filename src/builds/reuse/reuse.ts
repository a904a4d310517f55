import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { removeTree } from '../../disk/index.ts'
import { toolsKeyOf } from '../build-context.ts'
import type { BuildDeps, BuildInput, BuiltMicro } from '../types.ts'
import { digestFile } from './digest-tree.ts'
import { uploadKey } from './keys.ts'
import { linkTree } from './link-tree.ts'
import { type MicroProvenance, type Provenance, readProvenance } from './provenance.ts'

interface Earlier {
  /** The folder of a revision of the same app. */
  readonly dir: string
  readonly provenance: Provenance
}

/** What a push can take from earlier revisions of its app. Other apps' revisions are never among them. */
export interface Reuse {
  readonly toolsKey: string
  /** See `uploadKey`. */
  readonly upload: string
  readonly earlier: readonly Earlier[]
}

export async function openReuse(
  input: BuildInput,
  deps: Pick<BuildDeps, 'toolsKey' | 'areRevisionsReadOnly'>,
): Promise<Reuse> {
  const toolsKey = toolsKeyOf(deps)
  const archive =
    'digest' in input.archive ? input.archive.digest : (await digestFile(input.archive.path)).digest('hex')
  const earlier: Earlier[] = []
  for (const dir of deps.areRevisionsReadOnly === false ? [] : (input.earlier ?? [])) {
    const provenance = await readProvenance(dir)
    if (provenance !== null) earlier.push({ dir, provenance: reusable(provenance) })
  }
  return { toolsKey, upload: uploadKey(input.spacefile, archive, toolsKey), earlier }
}

/** Without the micros that were built with another tool than the one they ask for. */
function reusable(provenance: Provenance): Provenance {
  const micros = provenance.micros.filter(({ lacksTool }) => !lacksTool)
  return micros.length === provenance.micros.length ? provenance : { upload: '', micros }
}

/** The micros of the revision that serves, if this push has the same bytes. */
export function unchangedMicros(
  { upload, earlier }: Reuse,
  serving: string | undefined,
): BuiltMicro[] | null {
  const same = earlier.find(({ dir, provenance }) => dir === serving && provenance.upload === upload)
  return same ? same.provenance.micros.map(({ built }) => built) : null
}

/** Links every micro of an earlier revision that the same bytes made. Null when there is none. */
export async function linkAll(reuse: Reuse, artifacts: string): Promise<readonly MicroProvenance[] | null> {
  const same = reuse.earlier.find(({ provenance }) => provenance.upload === reuse.upload)
  if (!same) return null
  const { micros } = same.provenance
  for (const { built } of micros)
    if (!(await linkMicro(same.dir, built, artifacts))) {
      for (const each of micros) await removeMicro(each.built, artifacts)
      return null
    }
  return micros
}

/** Links a micro that an earlier revision built from the same inputs. Null when there is none. */
export async function linkOne(
  { earlier }: Reuse,
  key: string,
  artifacts: string,
): Promise<MicroProvenance | null> {
  for (const { dir, provenance } of earlier) {
    const found = provenance.micros.find((micro) => micro.key === key)
    if (found && (await linkMicro(dir, found.built, artifacts))) return found
  }
  return null
}

/** False, with nothing left, when the earlier revision is being removed at this moment. */
async function linkMicro(dir: string, built: BuiltMicro, artifacts: string): Promise<boolean> {
  const names = foldersOf(built).filter((name) => existsSync(join(dir, name)))
  try {
    for (const name of names) await linkTree(join(dir, name), join(artifacts, name))
    if (names.includes(built.name)) return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  await removeMicro(built, artifacts)
  return false
}

async function removeMicro(built: BuiltMicro, artifacts: string): Promise<void> {
  for (const name of foldersOf(built)) await removeTree(join(artifacts, name))
}

/** The compressed copies of static files are beside their folder. */
const foldersOf = ({ name }: BuiltMicro): string[] => [name, `${name}.br`, `${name}.gz`]
