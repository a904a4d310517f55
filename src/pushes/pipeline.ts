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
import type { BuildInput, BuildResult, PushedArchive } from '../builds/index.ts'
import type { CollectionService } from '../collections/index.ts'
import type { DirectorySync } from '../directory-sync/index.ts'
import { type Database, type Sealer, transaction, type Folders } from '../storage/index.ts'
import { identityKeyOf } from '../directory/index.ts'
import type { BuildId } from '../kernel/ids.ts'
import type { Logger } from '../kernel/log.ts'
import type { Spacefile } from '../spacefile/index.ts'
import { findEarlierCode } from './earlier-revisions.ts'
import { type Candidate, type CandidateInput, startCandidate } from './start-candidate.ts'
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
  readonly archive: PushedArchive
  /** Take nothing from earlier revisions. */
  readonly rebuild: boolean
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

/** A build whose release has begun. */
interface Built extends Begun<Release> {
  /** The build whose folder has the code: another one when nothing changed. */
  readonly codeId: BuildId
}

interface Begun<Row> {
  readonly row: Row
  readonly writer: LogWriter
}

function runBuild(deps: PipelineDeps, push: Push): Promise<Built | null> {
  const { app, build, spacefile, writer } = push
  const { db, folders, logStore, now } = deps
  return runStep(deps, { operation: { table: 'builds', id: build.id }, writer }, async () => {
    await using data = await deps.collections.openThrowaway()
    const { servingId, ...earlier } = push.rebuild ? {} : await findEarlierCode(db, folders, push)
    const input = {
      ...earlier,
      ...inputOf(folders, push),
      cacheScope: app.id,
      // Frameworks read it while they build. It must not open the data of the app: the code is not live yet.
      env: { DETA_PROJECT_KEY: data.dataKey },
      onLine: writer.line,
      signal: deps.buildSignal,
    }
    const result = await deps.build(input).finally(() => dropArchive(folders, build))
    if (result.kind === 'failed') throw new StepFailure(result.fault, result.message)
    const micros = revisionMicros(spacefile, result.micros)
    const codeOf = result.kind === 'unchanged' ? servingId! : null
    const row = await transaction(db, async (trx) => {
      await completeBuild(trx, build.id, micros, codeOf)
      return createRelease(trx, { appId: app.id, buildId: build.id, channel: CHANNEL, nowMs: now() })
    })
    if (codeOf) writer.line(UNCHANGED)
    writer.line(`Created revision: ${build.tag}`)
    return { row, writer: logStore.begin(row.id), codeId: codeOf ?? build.id }
  })
}

const inputOf = (
  folders: Folders,
  { build, spacefile, archive }: Pick<Push, 'build' | 'spacefile' | 'archive'>,
) => ({
  spacefile,
  archive,
  outDir: folders.revision(build.id),
})

/** Whether the push would change nothing: the code that serves was built from the same archive by the same server. */
export async function isServed(
  { db, folders, build }: Pick<PipelineDeps, 'db' | 'folders' | 'build'>,
  push: Pick<Push, 'app' | 'build' | 'spacefile' | 'archive'>,
): Promise<boolean> {
  const { servingId, ...earlier } = await findEarlierCode(db, folders, push)
  if (servingId === undefined) return false
  const result = await build({ ...earlier, ...inputOf(folders, push), onLine: () => {} })
  return result.kind === 'unchanged'
}

const UNCHANGED = 'Nothing has changed since the revision that runs. To build it again: space push --rebuild'

interface Prepared extends Begun<Installation>, Pick<Built, 'codeId'> {
  readonly release: Release
  readonly credentials: InstanceCredentials
}

function runRelease(deps: PipelineDeps, { app, build }: Push, release: Built): Promise<Prepared | null> {
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
    const { codeId } = release
    return { row, writer: logStore.begin(row.id), release: release.row, codeId, credentials }
  })
}

function runInstallation(deps: PipelineDeps, push: Push, prepared: Prepared): Promise<true | null> {
  const { app, build } = push
  const { row, writer, credentials } = prepared
  return runStep(
    deps,
    { operation: { table: 'installations', id: row.id }, writer },
    async (): Promise<true> => {
      writer.line(credentials.isNew ? `Installing ${app.name}` : `Updating ${app.name} to ${build.tag}`)
      if (await isServing(deps, prepared)) {
        writer.line('The app keeps running')
        await switchOver(deps, app, prepared)
      } else {
        await using candidate = await startCandidate(deps.runner, await candidateInput(deps, push, prepared))
        await switchOver(deps, app, prepared, candidate)
      }
      writer.line(deps.hosts.origin(credentials.alias))
      return true
    },
  )
}

/** Whether the instance runs this code already. */
const isServing = async ({ db }: PipelineDeps, { credentials, codeId }: Prepared): Promise<boolean> =>
  (await getInstance(db, credentials.id))?.buildId === codeId

async function candidateInput(
  deps: PipelineDeps,
  { build }: Push,
  { codeId, credentials, writer }: Prepared,
): Promise<CandidateInput> {
  const { db, sealer, folders, hosts } = deps
  return {
    micros: await requireRevisionMicros(db, codeId),
    credentials,
    identityKey: identityKeyOf(deps.identitySecret, credentials.id).toString('base64url'),
    buildId: codeId,
    run: deps.processes.runOf(credentials.id),
    tag: build.tag,
    host: hosts.host(credentials.alias),
    hairpin: hosts.hairpin,
    dir: folders.revision(codeId),
    envValues: await listEnvValues(db, sealer, credentials.id),
    onLine: writer.line,
  }
}

/** The update itself: one transaction, then every gateway, then the old processes are drained. */
async function switchOver(
  deps: PipelineDeps,
  app: App,
  { credentials, release, row, codeId }: Prepared,
  candidate?: Candidate,
): Promise<void> {
  const { db, sealer, sync, processes, now } = deps
  const before = await getInstance(db, credentials.id)
  const revision = { app, channel: CHANNEL, buildId: codeId, releaseId: release.id, nowMs: now() } as const
  await processes.serve(candidate?.running ?? [], () =>
    sync.commit(async (commit) => {
      await putRevision(commit, sealer, credentials, revision)
      await trackExposure(commit.trx, credentials.id, revision.nowMs)
      await completeOperation(commit.trx, { table: 'installations', id: row.id })
    }),
  )
  candidate?.keep()
  if (before && before.buildId !== codeId) processes.drain(before)
}
