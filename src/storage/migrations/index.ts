import { serverSecrets } from './2026-11-22-server-secrets.ts'
import { identity } from './2026-11-23-identity.ts'

export const storageMigrations = [serverSecrets, identity]
