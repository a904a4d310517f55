import { create } from './2026-11-21-create.ts'
import { access } from './2026-11-22-access.ts'
import { domains } from './2026-11-22-domains.ts'
import { collections } from './2026-11-29-collections.ts'

export const instancesMigrations = [create, access, domains, collections]
