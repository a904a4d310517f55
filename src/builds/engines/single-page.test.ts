import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openBuildHarness, spacefileOf } from '../testing/build-harness.ts'

// Real package managers behind real walls, on machines that do other things as well.
setDefaultTimeout(60_000)

describe('a page made by a framework', () => {
  test.each([
    ['react', 'build'],
    ['react', 'dist'],
    ['vue', 'dist'],
    ['svelte', 'dist'],
  ])('%s is built and served from %s, with index.html for unknown paths', async (engine, folder) => {
    using shop = openBuildHarness()
    const script = `mkdir ${folder} && echo page > ${folder}/index.html`
    const files = { 'package.json': JSON.stringify({ scripts: { build: script } }), 'src/a.js': '' }
    expect(await shop.build(spacefileOf(`engine: ${engine}`), files)).toEqual({
      kind: 'built',
      micros: [{ name: 'app', kind: 'static', root: 'app', spaFallback: true }],
    })
    expect(readdirSync(join(shop.outDir, 'app'))).toEqual(['index.html'])
  })

  test('whose result is elsewhere is told about `serve`', async () => {
    using shop = openBuildHarness()
    const files = { 'package.json': JSON.stringify({ scripts: { build: 'mkdir public' } }) }
    expect(await shop.build(spacefileOf('engine: react'), files)).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('Name its result with `serve`'),
    })
  })
})
