/** Help texts and the manual name each setting with its true default. */
import { expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { AUDIT_LIMITS } from '../src/builds/audit/limits.ts'
import { BUILD_LIMITS } from '../src/builds/limits.ts'
import { LIMIT_FLAGS, SERVER_FLAGS, readServerConfig } from '../src/config/index.ts'
import { PUSH_LIMITS } from '../src/pushes/limits.ts'
import { DATA_LIMITS } from '../src/data/limits.ts'
import { IMPORT_LIMITS } from '../src/transfers/index.ts'
import { GATEWAY_LIMITS } from '../src/gateway/limits.ts'
import { API_LIMITS } from '../src/api/api-limits.ts'
import { BUILD_LIMITS as BUILD_RUN_LIMITS, MICRO_LIMITS } from '../src/runner/limits.ts'

const OWNERS: Record<string, Readonly<Record<string, unknown>>> = {
  pushes: { ...PUSH_LIMITS },
  micros: { ...MICRO_LIMITS },
  buildRuns: { ...BUILD_RUN_LIMITS },
  builds: BUILD_LIMITS,
  audits: AUDIT_LIMITS,
  api: { ...API_LIMITS },
  gateway: { ...GATEWAY_LIMITS },
  data: { ...DATA_LIMITS },
  transfers: { ...IMPORT_LIMITS },
}

const textOf = (path: string) => readFileSync(join(import.meta.dir, '..', path), 'utf8')

/** Sizes of files may be meant as 1,000 or 1,024 octets a unit. */
const isAbout = (value: number, stated: number) => Math.abs(value / stated - 1) < 0.05

test.each(Object.entries(LIMIT_FLAGS))('--%s has the default of its help text', (flag, row) => {
  const stated = /\(([^)]+)\)$/.exec(row.help)?.[1] ?? ''
  const limits = readServerConfig([`--${flag}`, stated], {}).limits as unknown as typeof OWNERS
  const value = OWNERS[row.of]![row.bound]
  expect(value).toBeNumber()
  expect(isAbout(value as number, limits[row.of]![row.bound] as number)).toBe(true)
})

test.each(Object.entries(SERVER_FLAGS))('--%s is in the manual and in example.env', (flag, { env }) => {
  expect(textOf('docs/settings.md')).toContain(`\`--${flag}\``)
  expect(textOf('example.env')).toContain(`# ${env}=`)
  expect(textOf('example.env')).toContain(`--${flag}`)
})
