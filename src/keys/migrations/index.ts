import { create } from './2026-11-21-create.ts'
import { scopes } from './2026-11-22-scopes.ts'
import { origins } from './2026-11-28-origins.ts'

export const keysMigrations = [create, scopes, origins]
