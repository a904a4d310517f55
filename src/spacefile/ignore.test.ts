import { describe, expect, test } from 'bun:test'
import { createIgnore } from './index.ts'

describe('.spaceignore', () => {
  test.each<[string, string, string, boolean, boolean]>([
    ['dependencies stay out', '', 'node_modules', true, true],
    ['at any depth', '', 'packages/a/node_modules', true, true],
    ['build folders stay out at any depth', '', 'src/build', true, true],
    ['source does not', '', 'src/index.js', false, false],
    ['.env stays out', '', '.env', false, true],
    ['.env.local stays out', '', '.env.local', false, true],
    ['.env.prod does not, as in the original', '', '.env.prod', false, false],
    ['.output is a folder only', '', '.output', false, false],
    ['Discovery.md stays out', '', 'Discovery.md', false, true],
    ['case counts', '', 'discovery.md', false, false],
    ['the Spacefile goes along', '', 'Spacefile', false, false],
    ['own lines count', '*.psd', 'art/logo.psd', false, true],
    ['own lines come last', '!dist', 'dist', true, false],
    ['and bring files back', '!.env', '.env', false, false],
    ['the last match wins', '!dist\ndist', 'dist', true, true],
    ['below an ignored folder nothing comes back', '!dist/keep.js', 'dist/keep.js', false, true],
    ['unless the folder does', '!dist\n!dist/keep.js', 'dist/keep.js', false, false],
    ['a leading slash means the root', '/only', 'a/only', false, false],
    ['a trailing slash means folders', 'tmp/', 'tmp', false, false],
    ['comments and blank lines say nothing', '# src\n\n', 'src', true, false],
    ['lines may end in CRLF', '*.psd\r\n!dist\r\n', 'dist', true, false],
    ['a byte order mark is skipped', '\uFEFF*.psd', 'a.psd', false, true],
    ['a broken pattern does no harm', '[z-a\n[\n(((\n\\', 'src/index.js', false, false],
  ])('%s', (_name, text, path, isDirectory, expected) => {
    expect(createIgnore(text)(path, isDirectory)).toBe(expected)
  })
})
