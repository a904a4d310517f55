/** What builds leave on the disk has a bound, however many there are. */
import { expect, test } from 'bun:test'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { measureTree } from '../disk/index.ts'
import { openBuildHarness, spacefileOf } from './testing/build-harness.ts'

const MB = 1_000_000
const BUILDS = 12

test('many builds of one app, each with new files in its cache, stay below the limit of the cache', async () => {
  const appBytes = 10 * MB
  using harness = openBuildHarness({ appBytes, totalBytes: 2 * appBytes, fetchesTools: false })
  const fill = 'head -c 3000000 /dev/urandom >"$XDG_CACHE_HOME/$(date +%s%N)"'
  const spacefile = spacefileOf(`engine: custom\nrun: x\ncommands:\n  - '${fill}'`)
  for (let build = 0; build < BUILDS; build++) {
    const result = await harness.build(spacefile, { a: String(build) }, { cacheScope: 'app' })
    expect(result.kind).toBe('built')
    expect((await measureTree(join(harness.dir, 'cache'))).bytes).toBeLessThan(appBytes + MB)
    rmSync(harness.outDir, { recursive: true })
  }
  const emptied = harness.lines.filter((line) => line.includes('has been emptied'))
  expect(emptied.length).toBeGreaterThanOrEqual(2)
  expect(harness.revisions()).toEqual([])
})
