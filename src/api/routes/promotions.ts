import { calls } from '../../contract/index.ts'
import { type Release, listReleases } from '../../projects/index.ts'
import { logResponse } from '../log-response.ts'
import { limitOf, page } from '../paging.ts'
import { route } from '../route.ts'
import { isoTime } from '../../kernel/iso-time.ts'

/** Promotion: how a revision becomes a release; both have one id (COMPAT 3.5). */
export const promotionRoutes = [
  route(calls.listPromotions, async ({ db }, { caller, query }) => {
    const filter = { buildId: query.revision_id, appId: query.app_id, limit: limitOf(query) }
    const releases = await listReleases(db, caller.user.id, filter)
    return { promotions: releases.map(promotionAnswer), page: page(releases) }
  }),
  route(calls.getPromotion, async (_, { release }) => promotionAnswer(release)),
  route(calls.readPromotionLog, async (deps, { caller, release, query }) =>
    logResponse(deps, release.id, { caller, query }),
  ),
]

const promotionAnswer = (release: Release) => ({
  id: release.id,
  app_id: release.appId,
  revision_id: release.buildId,
  channel: release.channel,
  version: release.version,
  status: release.status,
  failure: release.failure,
  created_at: isoTime(release.createdAtMs),
})
