import { create } from './2026-11-21-create.ts'
import { owner } from './2026-11-22-owner.ts'

export const peopleMigrations = [create, owner]
