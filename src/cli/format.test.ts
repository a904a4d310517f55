import { expect, test } from 'bun:test'
import { createColors } from 'picocolors'
import { count, formatBytes, formatTable } from './format.ts'

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1 kB'],
  [12_345, '12 kB'],
  [250_000_000, '250 MB'],
  [1_500_000_000, '1.5 GB'],
  [9_990_000_000_000, '10 TB'],
])('%d bytes are %s', (bytes, expected) => {
  expect(formatBytes(bytes)).toBe(expected)
})

test.each([
  [0, '0 files'],
  [1, '1 file'],
  [2, '2 files'],
])('%d is counted as %s', (amount, expected) => {
  expect(count(amount, 'file')).toBe(expected)
})

test('columns are as wide as their widest cell, also with wide characters', () => {
  const rows = [
    ['APP', 'STATUS'],
    ['日本', 'running'],
    ['a', ''],
  ]
  expect(formatTable(rows, createColors(false))).toEqual(['APP    STATUS', '日本   running', 'a'])
})
