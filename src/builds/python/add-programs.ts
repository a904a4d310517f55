import { chmod, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { writeArtifactFile } from '../copy-paths.ts'
import { PYTHON_PACKAGES } from '../engines/python-packages.ts'
import { kindBelow } from '../kind-below.ts'
import { BUILD_LIMITS } from '../limits.ts'
import { readAppFile } from '../read-app-file.ts'

const ENTRY = /^([\w.-]+)\s*=\s*([A-Za-z_][\w.]*):([A-Za-z_]\w*)\s*(?:\[.*)?$/

/**
 * Writes the programs of packages that commands of the app have added by `pip install`: pip leaves them out when the
 * folder of programs is there already. `dir`: the micro's folder in the revision; no process of the app may run.
 */
export async function addPrograms(dir: string): Promise<void> {
  if ((await kindBelow(dir, PYTHON_PACKAGES)) !== 'folder') return
  for (const name of await readdir(join(dir, PYTHON_PACKAGES))) {
    const path = `${PYTHON_PACKAGES}/${name}/entry_points.txt`
    if (!name.endsWith('.dist-info') || (await kindBelow(dir, path)) !== 'file') continue
    const text =
      (await readAppFile(
        join(dir, PYTHON_PACKAGES, name),
        'entry_points.txt',
        BUILD_LIMITS.packageJsonBytes,
      )) ?? ''
    for (const [program, source] of programsIn(text)) await addProgram(dir, program, source)
  }
}

async function addProgram(dir: string, program: string, source: string): Promise<void> {
  const path = `${PYTHON_PACKAGES}/bin/${program}`
  if ((await kindBelow(dir, path)) !== null || program === 'python') return
  await writeArtifactFile(dir, path, source)
  await chmod(join(dir, path), 0o755)
}

/** The `[console_scripts]` of an entry_points.txt, each with the text of its program. */
function* programsIn(text: string): Generator<readonly [string, string]> {
  const section = /^\[console_scripts\]\s*$([^[]*(?:\[(?!\w+\]\s*$)[^[]*)*)/m.exec(text)?.[1] ?? ''
  for (const line of section.split('\n')) {
    const [, name, module, call] = ENTRY.exec(line.trim()) ?? []
    if (name !== undefined && !name.startsWith('.'))
      yield [name, `#!/usr/bin/env python\nimport sys\nfrom ${module} import ${call}\nsys.exit(${call}())\n`]
  }
}
