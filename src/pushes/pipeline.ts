import {
  type App,
  type AppsTables,
  type Build,
  type Installation,
  type Release,
  completeBuild,
  completeInstallation,
  completeRelease,
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
  type DirectoryFeed,
  type AppHosts,
  type MicroRunner,
} from '../instances/index.ts'
import type { BuildInput, BuildResult } from '../builds/index.ts'
import { type Database, type Sealer, transaction, type Folders } from '../storage/index.ts'
import { identityKeyOf } from '../directory/index.ts'
import type { Logger } from '../kernel/log.ts'
import type { Spacefile } from '../spacefile/index.ts'
import { type Candidate, startCandidate } from './start-candidate.ts'
import type { LogStore, LogWriter } from './log-store.ts'
import { StepFailure, runStep } from './run-step.ts'
import { dropArchive } from './uploads.ts'

/** Pushes go to the owner's own instance. */
const CHANNEL = 'development'

export interface PipelineDeps {
  readonly db: Database<AppsTables>
  readonly sealer: Sealer
  readonly folders: Folders
  readonly hosts: AppHosts
  readonly logBook: LogStore
  readonly runner: MicroRunner
  readonly feed: DirectoryFeed
  readonly identitySecret: string
  readonly build: (input: BuildInput) => Promise<BuildResult>
  readonly log: Logger
  readonly now: () => number
  /** Aborted when the server stops and does not wait for builds any longer. */
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
 * Each stage makes the next one's row before its own log ends, as clients go from one to the next (COMPAT 3.5).
 */
export async function deploy(deps: PipelineDeps, push: Push): Promise<void> {
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
  const { db, folders, logBook, log, now, isStopping } = deps
  return runStep({ db, log, table: 'builds', id: build.id, writer, isStopping }, async () => {
    const input = {
      spacefile,
      archivePath: folders.archive(build.id),
      outDir: folders.revision(build.id),
      cacheScope: app.id,
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
    return { row, writer: logBook.begin(row.id) }
  })
}

interface Prepared extends Begun<Installation> {
  readonly release: Release
  readonly identity: InstanceCredentials
}

function runRelease(
  deps: PipelineDeps,
  { app, build }: Push,
  release: Begun<Release>,
): Promise<Prepared | null> {
  const { db, sealer, logBook, log, now, isStopping } = deps
  const { writer } = release
  const stage = { db, log, table: 'releases', id: release.row.id, writer, isStopping } as const
  return runStep(stage, async () => {
    writer.line(`Releasing ${build.tag}`)
    const identity = await prepareInstance(db, sealer, app, CHANNEL)
    const row = await transaction(db, async (trx) => {
      await completeRelease(trx, release.row.id)
      const installation = { appId: app.id, releaseId: release.row.id, instanceId: identity.id, nowMs: now() }
      return createInstallation(trx, installation)
    })
    return { row, writer: logBook.begin(row.id), release: release.row, identity }
  })
}

function runInstallation(deps: PipelineDeps, { app, build }: Push, prepared: Prepared): Promise<true | null> {
  const { db, log, hosts, isStopping } = deps
  const { row, writer, identity } = prepared
  return runStep(
    { db, log, table: 'installations', id: row.id, writer, isStopping },
    async (): Promise<true> => {
      writer.line(identity.isNew ? `Installing ${app.name}` : `Updating ${app.name} to ${build.tag}`)
      await using candidate = await startCandidate(deps.runner, {
        micros: await requireRevisionMicros(db, build.id),
        identity,
        identityKey: identityKeyOf(deps.identitySecret, identity.id).toString('base64url'),
        buildId: build.id,
        run: deps.feed.runOf(identity.id),
        tag: build.tag,
        host: hosts.host(identity.alias),
        door: hosts.door,
        dir: deps.folders.revision(build.id),
        envValues: await listEnvValues(db, deps.sealer, identity.id),
        onLine: writer.line,
      })
      await switchOver(deps, { app, build, prepared, candidate })
      writer.line(hosts.origin(identity.alias))
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

/** The moment of the update: one transaction, then every gateway, then the old processes are drained. */
async function switchOver(
  deps: PipelineDeps,
  { app, build, prepared, candidate }: SwitchOver,
): Promise<void> {
  const { db, sealer, feed, now } = deps
  const { identity, release, row } = prepared
  const before = await getInstance(db, identity.id)
  const revision = { app, channel: CHANNEL, buildId: build.id, releaseId: release.id, nowMs: now() } as const
  await feed.serve(candidate.addresses, () =>
    feed.sync.commit(async (commit) => {
      await putRevision(commit, sealer, identity, revision)
      await trackExposure(commit.trx, identity.id, revision.nowMs)
      await completeInstallation(commit.trx, row.id)
    }),
  )
  candidate.keep()
  if (before && before.buildId !== build.id) feed.drain(before)
}
