import { expect, test } from 'bun:test'
import { readServerConfig } from '../config/index.ts'
import { explainStartError } from './start-errors.ts'

test('a file of another user is named with what to type, and is not taken for a port', () => {
  const text = explainStartError({ code: 'EACCES', path: '/etc/hostname' }, readServerConfig([], {}))!
  expect(text).toContain('may not use /etc/hostname (EACCES). It belongs to user 0.')
  expect(text).toContain('chown -R')
  expect(text).not.toContain('port')
})
