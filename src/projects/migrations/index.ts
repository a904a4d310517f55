import { create } from './2026-11-21-create.ts'
import { exposure } from './2026-11-22-exposure.ts'
import { erasures } from './2026-11-23-erasures.ts'
import { codeOf } from './2026-11-28-code-of.ts'

export const projectsMigrations = [create, exposure, erasures, codeOf]
