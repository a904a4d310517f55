import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createBuildRunner,
  detectSandbox,
  pickBuildEnvironment,
  type BuildCommand,
} from '../../runner/index.ts'
import { parseSpacefile } from '../../spacefile/index.ts'
import { silentLogger } from '../../kernel/log.ts'
import { type BuildCachesOptions, openBuildCaches } from '../build-caches.ts'
import { buildRevision } from '../build-revision.ts'
import type { BuildDeps, BuildInput, BuildResult } from '../types.ts'
import { zip, type ZipEntry } from './zip.ts'

/** A temporary folder with everything a build needs. */
export interface BuildHarness extends Disposable {
  readonly dir: string
  readonly outDir: string
  /** What the developer read, line by line. */
  readonly lines: string[]
  /** Every script that was run. */
  readonly commands: BuildCommand[]
  /** Builds files and a Spacefile; `options` as in BuildInput. */
  build(
    spacefile: string,
    files: Files | readonly ZipEntry[],
    options?: Partial<BuildInput> & Pick<BuildDeps, 'limits'>,
  ): Promise<BuildResult>
  /** A file of the revision. */
  read(path: string): string
  /** All that is found by who looks for revisions; of a failed build nothing may be. */
  revisions(): string[]
}

/** A Spacefile with one micro, which has these fields. */
export const spacefileOf = (fields: string): string =>
  `v: 0\nmicros:\n  - name: app\n    src: .\n${fields.replace(/^/gm, '    ')}\n`

/** As on this machine: behind walls where it has them. */
const runBuildCommand = createBuildRunner({
  sandbox: await detectSandbox('auto'),
  buildEnvironment: pickBuildEnvironment(Bun.env),
})

type Files = Readonly<Record<string, string>>

export function openBuildHarness(
  bounds: Partial<BuildCachesOptions & { workBytes: number }> = {},
): BuildHarness {
  const dir = mkdtempSync(join(tmpdir(), 'builds-test-'))
  const outDir = join(dir, 'revisions', 'b1')
  const lines: string[] = []
  const commands: BuildCommand[] = []
  mkdirSync(join(dir, 'revisions'))
  const caches = openBuildCaches({
    dir: join(dir, 'cache'),
    appBytes: Number.POSITIVE_INFINITY,
    totalBytes: Number.POSITIVE_INFINITY,
    hasRoom: () => true,
    log: silentLogger,
    ...bounds,
  })
  const onLine = (line: string) => void lines.push(line)
  const run = (command: BuildCommand) => {
    commands.push(command)
    return runBuildCommand(command)
  }
  return {
    dir,
    outDir,
    lines,
    commands,
    build: (text, files, { limits, ...options } = {}) => {
      const archivePath = join(dir, 'upload.zip')
      writeFileSync(archivePath, zip(entriesOf(files)))
      const spacefile = parseSpacefile(text).value
      if (spacefile === null) throw new Error(JSON.stringify(parseSpacefile(text).diagnostics))
      return buildRevision(
        { spacefile, archivePath, outDir, onLine, ...options },
        { run, caches, workBytes: bounds.workBytes ?? Number.POSITIVE_INFINITY, limits },
      )
    },
    read: (path) => readFileSync(join(outDir, path), 'utf8'),
    revisions: () => readdirSync(join(dir, 'revisions')),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  }
}

function entriesOf(files: Files | readonly ZipEntry[]): readonly ZipEntry[] {
  return Array.isArray(files) ? files : Object.entries(files).map(([name, data]) => ({ name, data }))
}
