import { calls } from '../../contract/index.ts'
import { type Installation, listInstallations } from '../../projects/index.ts'
import { logResponse } from '../log-response.ts'
import { limitOf, page } from '../paging.ts'
import { route } from '../route.ts'
import { isoTime } from '../../kernel/iso-time.ts'

export const installationRoutes = [
  route(calls.listInstallations, async ({ db }, { caller, query }) => {
    const filter = { releaseId: query.release_id, instanceId: query.instance_id, limit: limitOf(query) }
    const installations = await listInstallations(db, caller.user.id, filter)
    return { installations: installations.map(installationAnswer), page: page(installations) }
  }),
  route(calls.getInstallation, async (_, { installation }) => installationAnswer(installation)),
  route(calls.readInstallationLog, async (deps, { caller, installation, query }) =>
    logResponse(deps, installation.id, { caller, query }),
  ),
]

const installationAnswer = (installation: Installation) => ({
  id: installation.id,
  app_id: installation.appId,
  release_id: installation.releaseId,
  instance_id: installation.instanceId,
  status: installation.status,
  failure: installation.failure,
  created_at: isoTime(installation.createdAtMs),
})
