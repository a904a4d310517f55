import { expect, test } from 'bun:test'
import { CliError } from '../failure.ts'
import { requireProjectFits } from './size.ts'

const file = (path: string, sizeBytes: number) => ({
  path,
  absolutePath: `/x/${path}`,
  sizeBytes,
  stamp: '',
  changedAtMs: 0,
})

test('a project of exactly the bound fits, one byte more does not', () => {
  expect(() => requireProjectFits([file('a', 60), file('b', 40)], 100)).not.toThrow()
  expect(() => requireProjectFits([file('a', 60), file('b', 41)], 100)).toThrow(CliError)
})

test('what is too large is named with its folders, largest first', () => {
  const files = [
    file('web/video/a.mp4', 70_000),
    file('web/video/b/c.mp4', 50_000),
    file('dump.sql', 90_000),
    file('src/a.js', 10),
  ]
  try {
    requireProjectFits(files, 100_000)
    expect.unreachable()
  } catch (error) {
    expect(error).toMatchObject({
      code: 'too_large',
      message: 'The app is 210 kB; at most 100 kB can be pushed.',
      details: ['Largest folders:', '    120 kB  web/video/', '     90 kB  dump.sql', '  10 bytes  src/'],
    })
  }
})
