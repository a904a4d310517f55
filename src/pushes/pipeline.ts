import {
  type App,
  type Build,
  type Installation,
  type Release,
  completeBuild,
  completeOperation,
  createInstallation,
  createRelease,
  requireRevisionMicros,
  revisionMicros,
} from '../projects/index.ts'
import {
  type InstanceCredentials,
  getInstance,
  listEnvValues,
  prepareInstance,
  putRevision,
  trackExposure,
  type InstanceProcesses,
  type AppHosts,
} from '../instances/index.ts'
import type { MicroRunner } from '../runner/index.ts'
import type { BuildInput, BuildResult } from '../builds/index.ts'
import type { CollectionService } from '../collections/index.ts'
import type { DirectorySync } from '../directory-sync/index.ts'
import { type Database, type Sealer, transaction, type Folders } from '../storage/index.ts'
import { identityKeyOf } from '../directory/index.ts'
import type { Logger } from '../kernel/log.ts'
import type { Spacefile } from '../spacefile/index.ts'
import { type Candidate, startCandidate } from './start-candidate.ts'
import type { LogStore, LogWriter } from './log-store.ts'
import { StepFailure, runStep } from './run-step.ts'
import { dropArchive } from './uploads.ts'
import type { ExposureTables } from '../exposure/index.ts'

/** Pushes go to the owner's own instance. */
const CHANNEL = 'development'

export interface PipelineDeps {
  readonly db: Database<ExposureTables>
  readonly sealer: Sealer
  readonly folders: Folders
  readonly hosts: AppHosts
  readonly logStore: LogStore
  readonly runner: Pick<MicroRunner, 'ensureRunning' | 'stop'>
  readonly processes: Pick<InstanceProcesses, 'runOf' | 'serve' | 'drain' | 'drained'>
  readonly sync: Pick<DirectorySync<ExposureTables>, 'commit'>
  readonly collections: Pick<CollectionService, 'openThrowaway' | 'settle'>
  /** The identity key of every instance is derived from it (`requireIdentitySecret`). */
  readonly identitySecret: string
  /** `buildRevision` of the builds module, with its own parts. */
  readonly build: (input: BuildInput) => Promise<BuildResult>
  readonly log: Logger
  readonly now: () => number
  /** Aborted when the server stops and no longer waits for builds. */
  readonly buildSignal: AbortSignal
  readonly isStopping: () => boolean
}

export interface Push {
  readonly app: App
  readonly build: Build
  readonly spacefile: Spacefile
  /** Of the build, begun before the upload was answered. */
  readonly writer: LogWriter
}

/**
 * An uploaded archive becomes what the instance serves, or nothing changes: archive → build → release → installation.
 * Each step inserts the row of the next one before its own log ends, since clients follow one after the other (COMPAT 3.5).
 */
export async function runPush(deps: PipelineDeps, push: Push): Promise<void> {
  const release = await runBuild(deps, push)
  if (!release) return
  const prepared = await runRelease(deps, push, release)
  if (!prepared) return
  await runInstallation(deps, push, prepared)
}

interface Begun<Row> {
  readonly row: Row
  readonly writer: LogWriter
}

function runBuild(
  deps: PipelineDeps,
  { app, build, spacefile, writer }: Push,
): Promise<Begun<Release> | null> {
  const { db, folders, logStore, now } = deps
  return runStep(deps, { operation: { table: 'builds', id: build.id }, writer }, async () => {
    await using data = await deps.collections.openThrowaway()
    const input = {
      spacefile,
      archivePath: folders.archive(build.id),
      outDir: folders.revision(build.id),
      cacheScope: app.id,
      // Frameworks read it while they build. It must not open the data of the app: the code is not live yet.
      env: { DETA_PROJECT_KEY: data.dataKey },
      onLine: writer.line,
      signal: deps.buildSignal,
    }
    const result = await deps.build(input).finally(() => dropArchive(folders, build))
    if (result.kind === 'failed') throw new StepFailure(result.fault, result.message)
    const micros = revisionMicros(spacefile, result.micros)
    const row = await transaction(db, async (trx) => {
      await completeBuild(trx, build.id, micros)
      return createRelease(trx, { appId: app.id, buildId: build.id, channel: CHANNEL, nowMs: now() })
    })
    writer.line(`Created revision: ${build.tag}`)
    return { row, writer: logStore.begin(row.id) }
  })
}

interface Prepared extends Begun<Installation> {
  readonly release: Release
  readonly credentials: InstanceCredentials
}

function runRelease(
  deps: PipelineDeps,
  { app, build }: Push,
  release: Begun<Release>,
): Promise<Prepared | null> {
  const { db, logStore, now } = deps
  const { writer } = release
  const operation = { table: 'releases', id: release.row.id } as const
  return runStep(deps, { operation, writer }, async () => {
    writer.line(`Releasing ${build.tag}`)
    const credentials = await prepareInstance(deps, app, { channel: CHANNEL, nowMs: now() })
    const row = await transaction(db, async (trx) => {
      await completeOperation(trx, { table: 'releases', id: release.row.id })
      const installation = {
        appId: app.id,
        releaseId: release.row.id,
        instanceId: credentials.id,
        nowMs: now(),
      }
      return createInstallation(trx, installation)
    })
    return { row, writer: logStore.begin(row.id), release: release.row, credentials }
  })
}

function runInstallation(deps: PipelineDeps, { app, build }: Push, prepared: Prepared): Promise<true | null> {
  const { db, hosts } = deps
  const { row, writer, credentials } = prepared
  return runStep(
    deps,
    { operation: { table: 'installations', id: row.id }, writer },
    async (): Promise<true> => {
      writer.line(credentials.isNew ? `Installing ${app.name}` : `Updating ${app.name} to ${build.tag}`)
      await using candidate = await startCandidate(deps.runner, {
        micros: await requireRevisionMicros(db, build.id),
        credentials,
        identityKey: identityKeyOf(deps.identitySecret, credentials.id).toString('base64url'),
        buildId: build.id,
        run: deps.processes.runOf(credentials.id),
        tag: build.tag,
        host: hosts.host(credentials.alias),
        hairpin: hosts.hairpin,
        dir: deps.folders.revision(build.id),
        envValues: await listEnvValues(db, deps.sealer, credentials.id),
        onLine: writer.line,
      })
      await switchOver(deps, { app, build, prepared, candidate })
      writer.line(hosts.origin(credentials.alias))
      return true
    },
  )
}

interface SwitchOver {
  readonly app: App
  readonly build: Build
  readonly prepared: Prepared
  readonly candidate: Candidate
}

/** The update itself: one transaction, then every gateway, then the old processes are drained. */
async function switchOver(
  deps: PipelineDeps,
  { app, build, prepared, candidate }: SwitchOver,
): Promise<void> {
  const { db, sealer, sync, processes, now } = deps
  const { credentials, release, row } = prepared
  const before = await getInstance(db, credentials.id)
  const revision = { app, channel: CHANNEL, buildId: build.id, releaseId: release.id, nowMs: now() } as const
  await processes.serve(candidate.running, () =>
    sync.commit(async (commit) => {
      await putRevision(commit, sealer, credentials, revision)
      await trackExposure(commit.trx, credentials.id, revision.nowMs)
      await completeOperation(commit.trx, { table: 'installations', id: row.id })
    }),
  )
  candidate.keep()
  if (before && before.buildId !== build.id) processes.drain(before)
}
