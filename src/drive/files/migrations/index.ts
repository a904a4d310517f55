import { files } from './2026-11-28-files.ts'

export const driveMigrations = [files]
