import { create } from './2026-11-21-create.ts'
import { networks } from './2026-11-28-networks.ts'
import { tokenScopes } from './2026-11-28-token-scopes.ts'

export const sessionsMigrations = [create, networks, tokenScopes]
