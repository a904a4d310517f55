import { describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, truncateSync } from 'node:fs'
import { open, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type WriteEntry, ZipDamaged, openZip, toStream, writeZip } from './index.ts'

function tempFolder() {
  const dir = mkdtempSync(join(tmpdir(), 'ownspace-zip-'))
  return { path: (name: string) => join(dir, name), [Symbol.dispose]: () => rmSync(dir, { recursive: true }) }
}

async function* from<T>(...items: readonly T[]): AsyncGenerator<T> {
  yield* items
}

const entry = (name: string, content: string | Uint8Array, more: Partial<WriteEntry> = {}): WriteEntry => ({
  name,
  content: from(Buffer.from(content)),
  isCompressed: true,
  ...more,
})

async function save(path: string, ...entries: readonly WriteEntry[]): Promise<void> {
  await writeFile(path, Buffer.from(await new Response(toStream(writeZip(from(...entries)))).bytes()))
}

async function readAll(path: string) {
  using zip = await openZip(path)
  const found: Record<string, string> = {}
  for await (const each of zip.entries())
    found[each.name!] = Buffer.concat(await Array.fromAsync(each.content())).toString()
  return found
}

const HOSTILE = ['a/../b', '💾/é', 'x'.repeat(5_000), 'back\\slash', '%2e%2e', ' ']

test('what is written is read, with any name, and by Python too', async () => {
  using at = tempFolder()
  const file = at.path('a.zip')
  await save(
    file,
    ...HOSTILE.map((name) => entry(name, `of ${name}`)),
    entry('stored', 'as it is', { isCompressed: false, comment: 'text/plain' }),
    entry('empty', ''),
  )
  expect(await readAll(file)).toEqual({
    ...Object.fromEntries(HOSTILE.map((name) => [name, `of ${name}`])),
    stored: 'as it is',
    empty: '',
  })
  const python = Bun.which('python3')
  if (python === null) return console.warn('SKIPPED: python3 is not installed')
  const script =
    'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(len(z.namelist()), z.getinfo("stored").comment.decode())'
  const run = Bun.spawn([python, '-c', script, file], { stdout: 'pipe', stderr: 'pipe' })
  expect(await new Response(run.stdout).text()).toBe(`${HOSTILE.length + 2} text/plain\n`)
})

test('a mode and a comment are kept', async () => {
  using at = tempFolder()
  await save(at.path('a.zip'), entry('run.sh', 'x', { mode: 0o100755, comment: 'text/plain; charset=utf-8' }))
  using zip = await openZip(at.path('a.zip'))
  const [found] = await Array.fromAsync(zip.entries())
  expect(found).toMatchObject({ mode: 0o100755, comment: 'text/plain; charset=utf-8', size: 1 })
})

describe('refused is an archive', () => {
  test('that is cut short, anywhere', async () => {
    using at = tempFolder()
    await save(at.path('a.zip'), entry('a', 'x'.repeat(10_000), { isCompressed: false }))
    for (const bytes of [10_200, 10_000, 100, 0]) {
      truncateSync(at.path('a.zip'), bytes)
      const failure = await readAll(at.path('a.zip')).catch((error: unknown) => error)
      expect(failure).toBeInstanceOf(ZipDamaged)
    }
  })

  test.each([[true], [false]])('whose content was changed (compressed: %p)', async (isCompressed) => {
    using at = tempFolder()
    await save(at.path('a.zip'), entry('a', 'some text, some text, some text', { isCompressed }))
    {
      await using file = await open(at.path('a.zip'), 'r+')
      await file.write(Buffer.from([0x55]), 0, 1, 30 + 1 + 20 + 2)
    }
    const failure = await readAll(at.path('a.zip')).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(ZipDamaged)
  })

  test('whose source failed', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('half')
      throw new Error('the disk is gone')
    }
    const stream = toStream(writeZip(from(entry('a', '', { content: failing() }))))
    await expect(new Response(stream).bytes()).rejects.toThrow('the disk is gone')
  })
})

test('memory stays flat while much is written', async () => {
  async function* zeros(pieces: number): AsyncGenerator<Uint8Array> {
    const piece = new Uint8Array(1 << 20)
    for (let n = 0; n < pieces; n += 1) yield piece
  }
  let bytes = 0
  const before = process.memoryUsage().rss
  for await (const piece of writeZip(from(entry('a', '', { content: zeros(400), isCompressed: false }))))
    bytes += piece.length
  expect(bytes).toBeGreaterThan(400 << 20)
  expect(process.memoryUsage().rss - before).toBeLessThan(100 << 20)
})
