import { calls } from '../../contract/index.ts'
import { type Build, createBuild, listBuilds, requireApp } from '../../projects/index.ts'
import { getBuildExposure } from '../../exposure/index.ts'
import { logResponse } from '../log-response.ts'
import { limitOf, page } from '../paging.ts'
import { route } from '../route.ts'
import { notFound } from '../../kernel/http-error.ts'
import type { PackageAudit } from '../../pushes/index.ts'
import { isoTime } from '../../kernel/iso-time.ts'

/** One push, call by call (COMPAT 3.5): build, then manifest and icon, then code, which starts it. */
export const buildRoutes = [
  route(calls.createBuild, async ({ db, pushes, now }, { app, body }) => {
    await pushes.assertCapacity()
    await pushes.prune(app.id)
    const { id } = await createBuild(db, {
      appId: app.id,
      tag: body.tag,
      autoPwa: body.auto_pwa,
      nowMs: now(),
    })
    return { id }
  }),
  route(calls.putManifest, async ({ pushes }, { build, body }) => {
    const exposure = await pushes.putManifest(build, body)
    return { build_id: build.id, exposure }
  }),
  route(calls.putIcon, async ({ pushes }, { build, body }) => {
    await pushes.putIcon(build, body)
    return { build_id: build.id }
  }),
  route(calls.startBuild, async ({ db, pushes }, { caller, build, query, body }) => {
    const app = await requireApp(db, caller.user.id, build.appId)
    const { log_exposure: logsExposure, rebuild } = query
    await pushes.start(app, build, { archive: { path: body.path }, logsExposure, rebuild })
    return { build_id: build.id }
  }),
  route(calls.repeatBuild, async ({ db, pushes }, { caller, build, query, body }) => {
    const app = await requireApp(db, caller.user.id, build.appId)
    const archive = { digest: body.archive_sha256 }
    await pushes.start(app, build, { archive, logsExposure: query.log_exposure })
    return { build_id: build.id }
  }),
  route(calls.listBuilds, async ({ db }, { app, query }) => {
    const builds = await listBuilds(db, app.id, limitOf(query))
    return { builds: builds.map(buildAnswer), page: page(builds) }
  }),
  route(calls.getBuild, async ({ db }, { build }) => ({
    ...buildAnswer(build),
    exposure: await getBuildExposure(db, build.id),
  })),
  route(calls.readSbom, async ({ db, pushes }, { caller, build }) => {
    const { name } = await requireApp(db, caller.user.id, build.appId)
    const sbom = await pushes.readSbom(build, { name, createdAt: isoTime(build.createdAtMs) })
    if (sbom === null) throw noPackages()
    return sbom
  }),
  route(calls.auditBuild, async ({ pushes }, { build }) => {
    const audit = await pushes.audit(build)
    if (audit === null) throw noPackages()
    return auditAnswer(audit)
  }),
  route(calls.readBuildLog, async (context, { caller, build, query }) =>
    logResponse(context, build.id, { caller, query }),
  ),
]

const noPackages = () => notFound('This build has no list of packages. Build it again: space push --rebuild')

const buildAnswer = ({ id, appId, tag, status, failure, createdAtMs }: Build) => ({
  id,
  app_id: appId,
  tag,
  status,
  failure,
  created_at: isoTime(createdAtMs),
})

const auditAnswer = ({ packages, unasked }: PackageAudit) => ({
  packages: packages.map(({ vulnerabilities, ...found }) => ({
    ...found,
    vulnerabilities: vulnerabilities.map(({ fixedIn, ...each }) => ({ ...each, fixed_in: [...fixedIn] })),
  })),
  unasked: [...unasked],
})
