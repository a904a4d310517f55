import { create } from './2026-11-29-create.ts'

export const collectionsMigrations = [create]
