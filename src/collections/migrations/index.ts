import { create } from './2026-11-29-create.ts'
import { strangers } from './2026-11-30-strangers.ts'

export const collectionsMigrations = [create, strangers]
