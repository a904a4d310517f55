import { expect, test } from 'bun:test'
import { canonicalHostName } from '../index.ts'

test.each([
  ['notes-ab12.cloud.test', 'notes-ab12.cloud.test'],
  ['NOTES-AB12.Cloud.Test', 'notes-ab12.cloud.test'],
  ['notes-ab12.cloud.test.', 'notes-ab12.cloud.test'],
  ['notes-ab12.cloud.test:443', 'notes-ab12.cloud.test'],
  ['notes-ab12.cloud.test:80', 'notes-ab12.cloud.test'],
  ['notes-ab12.cloud.test:', 'notes-ab12.cloud.test'],
  ['Notes-ab12.cloud.test.:7070', 'notes-ab12.cloud.test'],
  ['127.0.0.1:7070', '127.0.0.1'],
  ['[::1]', '[::1]'],
  ['[::1]:7070', '[::1]'],
  ['[FE80::1]', '[fe80::1]'],
])('%s is %s', (host, expected) => {
  expect(canonicalHostName(host)).toBe(expected)
})

test.each([
  'notes-ab12.cloud.test.evil.example',
  'a.notes-ab12.cloud.test',
  'notes-ab12.cloud.test..',
  'notes-ab12.cloud.test:80:80',
  'notes-ab12.cloud.test:x',
  'notes-ab12.cloud.test@evil.example',
  ' notes-ab12.cloud.test',
  '',
  ':',
  '.',
])('%p is none of ours', (host) => {
  expect(canonicalHostName(host)).not.toBe('notes-ab12.cloud.test')
})

test('is its own key', () => {
  for (const host of ['a.TEST.:1', '[::1]:2', 'x', ':', '.', 'a:b'])
    expect(canonicalHostName(canonicalHostName(host))).toBe(canonicalHostName(host))
})
