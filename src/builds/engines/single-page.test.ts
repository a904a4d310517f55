import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openBuildHarness, spacefileOf } from '../testing/build-harness.ts'

// Real package managers in a real sandbox, on machines that also do other work.
setDefaultTimeout(60_000)

describe('a page made by a framework', () => {
  test.each([
    ['react', 'build'],
    ['react', 'dist'],
    ['vue', 'dist'],
    ['svelte', 'dist'],
  ])('%s is built and served from %s, with index.html for unknown paths', async (engine, folder) => {
    using harness = openBuildHarness()
    const script = `mkdir ${folder} && echo page > ${folder}/index.html`
    const files = { 'package.json': JSON.stringify({ scripts: { build: script } }), 'src/a.js': '' }
    expect(await harness.build(spacefileOf(`engine: ${engine}`), files)).toEqual({
      kind: 'built',
      micros: [{ name: 'app', kind: 'static', root: 'app', spaFallback: true }],
    })
    expect(readdirSync(join(harness.outDir, 'app'))).toEqual(['index.html'])
  })

  test('whose `serve` the build did not create is served from the folder that it did', async () => {
    using harness = openBuildHarness()
    const script = 'mkdir dist && echo page > dist/index.html'
    const files = { 'package.json': JSON.stringify({ scripts: { build: script } }) }
    const result = await harness.build(spacefileOf('engine: react\nserve: build'), files)
    expect(result.kind).toBe('built')
    expect(harness.read('app/index.html')).toBe('page\n')
    expect(harness.lines).toContainEqual(expect.stringContaining('Correct `serve`: dist'))
  })

  test('with two results fails, and says which there are', async () => {
    using harness = openBuildHarness()
    const script = 'mkdir dist out && echo a > dist/index.html && echo b > out/index.html'
    const files = { 'package.json': JSON.stringify({ scripts: { build: script } }) }
    expect(await harness.build(spacefileOf('engine: react\nserve: build'), files)).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('There is `dist` and `out`: set `serve`'),
    })
  })

  test('whose result is in another folder fails with `serve` in the message', async () => {
    using harness = openBuildHarness()
    const files = { 'package.json': JSON.stringify({ scripts: { build: 'mkdir public' } }) }
    expect(await harness.build(spacefileOf('engine: react'), files)).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('Set `serve` in the Spacefile'),
    })
  })
})
