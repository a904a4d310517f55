import { uses } from './2026-11-22-uses.ts'

export const exposureMigrations = [uses]
