import { create } from './2026-11-21-create.ts'
import { exposure } from './2026-11-22-exposure.ts'
import { erasures } from './2026-11-23-erasures.ts'

export const projectsMigrations = [create, exposure, erasures]
