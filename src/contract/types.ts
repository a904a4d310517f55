import type { z } from 'zod'
import type * as access from './access.ts'
import type { app } from './apps.ts'
import type { auditBuild, build } from './builds.ts'
import type { pollCliLogin, findCliLogin, startCliLogin } from './cli-logins.ts'
import type { collection } from './collections.ts'
import type { page } from './common.ts'
import type { getDataForStrangers } from './data-for-strangers.ts'
import type { dataKey, dataKeyLimits, newDataKey } from './data-keys.ts'
import type { DeepReadonly, OutputOf } from './define-call.ts'
import type * as domains from './domains.ts'
import type { errorAnswer } from './errors.ts'
import type * as exposures from './exposure.ts'
import type { installation } from './installations.ts'
import type * as instances from './instance.ts'
import type { logEntry } from './instances.ts'
import type * as keys from './keys.ts'
import type { promotion } from './promotions.ts'
import type { session } from './sessions.ts'
import type { getStatus } from './status.ts'
import type { storage } from './storage.ts'
import type * as tokens from './tokens.ts'
import type { importLine, moveLine } from './transfers.ts'
import type { user } from './user.ts'

type Answer<Schema extends z.ZodType> = DeepReadonly<z.output<Schema>>

/** Answers of the API, as clients read them. */
export type App = Answer<typeof app>
export type AccessToken = Answer<typeof tokens.accessToken>
export type NewAccessToken = Answer<typeof tokens.newAccessToken>
export type MoveLine = Answer<typeof moveLine>
export type ImportLine = Answer<typeof importLine>
export type ActiveDomain = Answer<typeof domains.activeDomain>
export type ApiKey = Answer<typeof keys.apiKey>
export type NewApiKey = Answer<typeof keys.newApiKey>
/** Limits of a new key. */
export type KeyScope = DeepReadonly<z.input<typeof keys.keyScope>>
export type Build = Answer<typeof build>
export type Audit = OutputOf<typeof auditBuild>
export type CliLogin = OutputOf<typeof findCliLogin>
export type CliLoginPoll = OutputOf<typeof pollCliLogin>
export type NewCliLogin = OutputOf<typeof startCliLogin>
export type Collection = Answer<typeof collection>
export type DataForStrangers = NonNullable<OutputOf<typeof getDataForStrangers>['limits']>
export type DataKey = Answer<typeof dataKey>
export type DataKeyLimits = DeepReadonly<z.input<typeof dataKeyLimits>>
export type NewDataKey = Answer<typeof newDataKey>
export type Domain = Answer<typeof domains.domain>
export type Domains = OutputOf<typeof domains.listDomains>
export type ErrorAnswer = Answer<typeof errorAnswer>
export type Explanation = Answer<typeof access.explanation>
export type ExposedRoute = Answer<typeof exposures.exposedRoute>
export type DnsRecord = Domain['records'][number]
export type Exposure = Answer<typeof exposures.exposure>
export type Installation = Answer<typeof installation>
export type Instance = Answer<typeof instances.instance>
export type LogEntry = Answer<typeof logEntry>
export type Micro = Answer<typeof instances.micro>
export type Override = Answer<typeof access.override>
export type Page = Answer<typeof page>
export type PendingDomain = Answer<typeof domains.pendingDomain>
export type PrivatePattern = Surface['private'][number]
export type Promotion = Answer<typeof promotion>
export type PublicRoute = Answer<typeof instances.publicRoute>
export type RouteWarning = Answer<typeof exposures.routeWarning>
export type Session = Answer<typeof session>
export type Status = OutputOf<typeof getStatus>
export type Storage = Answer<typeof storage>
export type Surface = Answer<typeof access.surface>
export type SurfaceRoute = Answer<typeof access.surfaceRoute>
export type { TokenScope } from './define-call.ts'
export type User = Answer<typeof user>
