import { expect, test } from 'bun:test'
import { troubleOf } from '../python/relax-pins.ts'
import { findCause } from './find-cause.ts'
import { createOutputEnd } from './output-end.ts'

test('keeps the last lines, and before them those that say what failed', () => {
  const end = createOutputEnd()
  end.add('error: Failed to build `aiohttp==3.8.1`')
  for (let line = 0; line < 200; line += 1) end.add(`         gcc ${'-I/x '.repeat(200)}-c ${line}.c`)
  const lines = end.text().split('\n')
  expect([lines[0], lines.length]).toEqual(['error: Failed to build `aiohttp==3.8.1`', 41])
  expect(findCause({ tail: end.text(), message: 'exited with code 1' })?.cause.id).toBe('failed-wheel')
  expect(troubleOf(end.text())).toEqual({ package: 'aiohttp' })
})

test('many such lines stay bounded', () => {
  const end = createOutputEnd()
  for (let line = 0; line < 1000; line += 1) end.add(`error: ${line} ${'x'.repeat(1000)}`)
  expect(end.text().length).toBeLessThan(46 * 501)
})
