import type { Route } from '../route.ts'
import { accessRoutes } from './access.ts'
import { accessTokenRoutes } from './access-tokens.ts'
import { apiKeyRoutes } from './api-keys.ts'
import { appRoutes } from './apps.ts'
import { baseItemRoutes } from './base-items.ts'
import { buildRoutes } from './builds.ts'
import { cliLoginRoutes } from './cli-logins.ts'
import { domainRoutes } from './domains.ts'
import { driveFileRoutes } from './drive-files.ts'
import { handoffRoutes } from './handoff.ts'
import { installationRoutes } from './installations.ts'
import { instanceRoutes } from './instances.ts'
import { promotionRoutes } from './promotions.ts'
import { sessionRoutes } from './sign-in.ts'
import { collectionRoutes } from './collections.ts'
import { dataKeyRoutes } from './data-keys.ts'
import { backupRoutes } from './backup.ts'
import { transferRoutes } from './transfers.ts'
import { deviceRoutes } from './devices.ts'
import { setupRoutes } from './setup.ts'
import { statusRoutes } from './status.ts'
import { storageRoutes } from './storage.ts'

/** All calls of Home. */
export const HOME_ROUTES: readonly Route[] = [
  ...statusRoutes,
  ...storageRoutes,
  ...setupRoutes,
  ...sessionRoutes,
  ...deviceRoutes,
  ...cliLoginRoutes,
  ...accessTokenRoutes,
  ...appRoutes,
  ...buildRoutes,
  ...promotionRoutes,
  ...installationRoutes,
  ...instanceRoutes,
  ...apiKeyRoutes,
  ...collectionRoutes,
  ...dataKeyRoutes,
  ...transferRoutes,
  ...backupRoutes,
  ...baseItemRoutes,
  ...driveFileRoutes,
  ...domainRoutes,
  ...accessRoutes,
  ...handoffRoutes,
]
