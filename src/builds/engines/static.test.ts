import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { openBuildHarness, spacefileOf } from '../testing/build-harness.ts'

// Real package managers behind real walls, on machines that do other things as well.
setDefaultTimeout(60_000)

const STATIC = spacefileOf('engine: static\nserve: .')
const modeOf = (path: string) => (lstatSync(path).mode & 0o7777).toString(8)

describe('a static micro', () => {
  test('becomes a folder of files', async () => {
    using shop = openBuildHarness()
    const files = { 'index.html': '<p>', 'a/b.css': 'p{}', Spacefile: 'v: 0', '.spaceignore': '' }
    expect(await shop.build(STATIC, files)).toEqual({
      kind: 'built',
      micros: [{ name: 'app', kind: 'static', root: 'app', spaFallback: false }],
    })
    expect(readdirSync(join(shop.outDir, 'app')).sort()).toEqual(['a', 'index.html'])
    expect(shop.commands).toEqual([])
  })

  test('serves what its commands make, without the dependencies they used', async () => {
    using shop = openBuildHarness()
    const text = spacefileOf(
      'engine: static\nserve: .\ncommands: ["mkdir -p node_modules/x", "echo made > page.html"]',
    )
    await shop.build(text, { 'index.html': '' })
    expect(readdirSync(join(shop.outDir, 'app')).sort()).toEqual(['index.html', 'page.html'])
  })

  test('never serves a file from outside through a link', async () => {
    using shop = openBuildHarness()
    const links = [
      'ln -s /etc/hostname a.txt',
      'ln -s ../../../upload.zip b.zip',
      'ln -s / root',
      'ln -s nowhere c',
    ]
    const inside = ['ln -s index.html d.html', 'ln -s sub e']
    const text = spacefileOf(`engine: static\nserve: .\ncommands: ${JSON.stringify([...links, ...inside])}`)
    await shop.build(text, { 'index.html': 'page', 'sub/x': 'y' })
    expect(readdirSync(join(shop.outDir, 'app')).sort()).toEqual(['d.html', 'index.html', 'sub'])
    expect(lstatSync(join(shop.outDir, 'app/d.html')).isFile()).toBe(true)
    expect(shop.lines).toContain('[app] Left out "a.txt": it is not a file of this micro')
  })

  test.each([
    ['is not there', 'serve: dist', ''],
    ['is a link out of the micro', 'serve: out', 'commands: ["ln -s / out"]'],
    ['lies behind a link out of the micro', 'serve: out/etc', 'commands: ["ln -s / out"]'],
    ['is a file', 'serve: index.html', ''],
  ])('whose folder %s is refused', async (_name, serve, commands) => {
    using shop = openBuildHarness()
    expect(
      await shop.build(spacefileOf(`engine: static\n${serve}\n${commands}`), { 'index.html': '' }),
    ).toMatchObject({
      fault: 'user',
      message: expect.stringContaining('which is not there after the build'),
    })
    expect(shop.revisions()).toEqual([])
  })

  test('has pages that ask for their manifest with credentials, compressed ones too', async () => {
    using shop = openBuildHarness()
    const page = `<head><link rel="manifest" href="/m.json"></head>${'<p>hello</p>'.repeat(500)}`
    const text = spacefileOf('engine: static\nserve: .\ncommands: ["chmod 444 a/index.html"]')
    await shop.build(text, { 'a/index.html': page, 'b.html': '<p>', 'c.txt': page })
    const linked = page.replace('<link', '<link crossorigin="use-credentials"')
    const read = (path: string) => readFileSync(join(shop.outDir, path))
    expect(read('app/a/index.html').toString()).toBe(linked)
    expect(gunzipSync(read('app.gz/a/index.html')).toString()).toBe(linked)
    expect(modeOf(join(shop.outDir, 'app/a/index.html'))).toBe('644')
    expect(read('app/b.html').toString()).toBe('<p>')
    expect(read('app/c.txt').toString()).toBe(page)
  })

  test('gets compressed forms beside its root, where no request path can name them', async () => {
    using shop = openBuildHarness()
    const page = '<p>hello</p>'.repeat(500)
    await shop.build(STATIC, { 'a/index.html': page, 'small.js': 'x', 'photo.png': page })
    expect(brotliDecompressSync(readFileSync(join(shop.outDir, 'app.br/a/index.html'))).toString()).toBe(page)
    expect(gunzipSync(readFileSync(join(shop.outDir, 'app.gz/a/index.html'))).toString()).toBe(page)
    expect(readdirSync(join(shop.outDir, 'app.br'), { recursive: true }).map(String).sort()).toEqual([
      'a',
      'a/index.html',
    ])
    expect(readdirSync(join(shop.outDir, 'app'), { recursive: true })).not.toContain('a/index.html.br')
    expect(modeOf(join(shop.outDir, 'app.br/a/index.html'))).toBe('644')
  })
})
