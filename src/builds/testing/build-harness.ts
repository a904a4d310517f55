import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  createLocalRunner,
  detectSandbox,
  pickBuildEnvironment,
  type BuildCommand,
  type BuildRunner,
} from '../../runner/index.ts'
import { parseSpacefile } from '../../spacefile/index.ts'
import { silentLogger } from '../../kernel/log.ts'
import { type BuildCachesOptions, openBuildCaches } from '../build-caches.ts'
import { buildRevision } from '../build-revision.ts'
import { openToolStore } from '../tools/tool-store.ts'
import type { BuildDeps, BuildInput, BuildResult } from '../types.ts'
import { SHARED_PROGRAMS, SHARED_TOOLS } from './test-tools.ts'
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
  /** All names in the folder of revisions; a failed build must leave none. */
  revisions(): string[]
}

/** A Spacefile with one micro, which has these fields. */
export const spacefileOf = (fields: string): string =>
  `v: 0\nmicros:\n  - name: app\n    src: .\n${fields.replace(/^/gm, '    ')}\n`

/** Builds run in a sandbox if this machine has one. No micro runs here, so no log is written. */
const localRunner: BuildRunner = createLocalRunner({
  sandbox: await detectSandbox('auto'),
  buildEnvironment: pickBuildEnvironment(Bun.env),
  logsDir: join(tmpdir(), 'builds-test-logs'),
  log: silentLogger,
})

type Files = Readonly<Record<string, string>>

export interface HarnessOptions extends Partial<BuildCachesOptions> {
  readonly workBytes?: number
  readonly fetchesTools?: boolean
  /** Whether the disk has space for tools; by default it has. With it, the tools are not the ones that all tests share. */
  readonly hasRoomForTools?: () => boolean
}

export function openBuildHarness({
  fetchesTools = true,
  hasRoomForTools,
  ...bounds
}: HarnessOptions = {}): BuildHarness {
  const dir = mkdtempSync(join(tmpdir(), 'builds-test-'))
  const outDir = join(dir, 'revisions', 'b1')
  const lines: string[] = []
  const commands: BuildCommand[] = []
  mkdirSync(join(dir, 'revisions'))
  shareTools(join(dir, 'cache'))
  const caches = openBuildCaches({
    dir: join(dir, 'cache'),
    appBytes: Number.POSITIVE_INFINITY,
    totalBytes: Number.POSITIVE_INFINITY,
    hasRoom: () => true,
    log: silentLogger,
    ...bounds,
  })
  const tools = openToolStore({
    dir: hasRoomForTools ? join(dir, 'tools') : SHARED_TOOLS,
    totalBytes: Number.POSITIVE_INFINITY,
    hasRoom: hasRoomForTools ?? (() => true),
    log: silentLogger,
    now: Date.now,
  })
  const onLine = (line: string) => void lines.push(line)
  const runner: BuildRunner = {
    runBuild: (command) => {
      commands.push(command)
      return localRunner.runBuild(command)
    },
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
        { spacefile, archive: { path: archivePath }, outDir, onLine, ...options },
        {
          runner,
          caches,
          ...(fetchesTools ? { tools } : {}),
          workBytes: bounds.workBytes ?? Number.POSITIVE_INFINITY,
          limits,
        },
      )
    },
    read: (path) => readFileSync(join(outDir, path), 'utf8'),
    revisions: () => readdirSync(join(dir, 'revisions')),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }),
  }
}

/** Programs that builds fetch are kept for all tests. */
function shareTools(cacheDir: string): void {
  for (const folder of [SHARED_PROGRAMS, cacheDir]) mkdirSync(folder, { recursive: true })
  symlinkSync(SHARED_PROGRAMS, join(cacheDir, 'programs'))
}

function entriesOf(files: Files | readonly ZipEntry[]): readonly ZipEntry[] {
  return Array.isArray(files) ? files : Object.entries(files).map(([name, data]) => ({ name, data }))
}
