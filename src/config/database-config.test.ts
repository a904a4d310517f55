import { describe, expect, test } from 'bun:test'
import { shownPasswordNotice, withoutDatabase } from './database-config.ts'
import { readServerConfig } from './server-config.ts'

const URL = 'postgres://ada:secret-word@db.example.org:5433/space?sslmode=require'
const databaseOf = (args: string[], env = {}) =>
  readServerConfig(args, { XDG_DATA_HOME: '/data', ...env }).database

test('without a setting the database is a file', () => {
  expect(databaseOf([])).toBeNull()
  expect(databaseOf(['--database', ''], { OWNSPACE_DATABASE: '' })).toBeNull()
})

test('the variable holds the address as well as the flag, which wins', () => {
  expect(databaseOf([], { OWNSPACE_DATABASE: URL })).toEqual({ url: URL, connections: 10, withinMs: 30_000 })
  const other = ['--database', 'postgresql://b@c/d', '--database-connections', '4', '--database-within', '5s']
  expect(databaseOf(other, { OWNSPACE_DATABASE: URL })).toEqual({
    url: 'postgresql://b@c/d',
    connections: 4,
    withinMs: 5_000,
  })
})

describe('an invalid address is refused, and the message does not repeat it', () => {
  test.each([
    'mysql://ada:secret-word@db/space',
    'postgres://ada:secret-word@db',
    'postgres://ada:secret-word@db/',
    'postgres:secret-word',
    'secret-word',
    'postgres://ada:secret-word@db:port/space',
    'postgres://ada:secret-word@db/space#x',
  ])('%s', (url) => {
    expect(() => databaseOf(['--database', url])).toThrow('--database takes an address such as')
    expect(() => databaseOf(['--database', url])).not.toThrow('secret-word')
  })

  test.each([[['--databse', URL]], [[URL]], [['--port', '1', URL]]])('%j', (args) => {
    expect(() => databaseOf(args)).toThrow('Flags:')
    expect(() => databaseOf(args)).not.toThrow('secret-word')
  })
})

test.each(['1', '1001', 'many', '2.5'])('%s connections are refused', (connections) => {
  expect(() => databaseOf(['--database-connections', connections])).toThrow('from 2 to 1000')
})

describe('the command line of our own processes', () => {
  test.each([
    [
      ['--database', URL, '--port', '1'],
      ['--port', '1'],
    ],
    [
      ['--port', '1', `--database=${URL}`],
      ['--port', '1'],
    ],
    [
      ['--database-within', '5s'],
      ['--database-within', '5s'],
    ],
  ])('%j has no address', (args, rest) => {
    expect(withoutDatabase(args)).toEqual(rest)
  })

  test('with a password is worth a notice', () => {
    const noticeOf = (args: string[], env = {}) =>
      shownPasswordNotice(args, readServerConfig(args, { XDG_DATA_HOME: '/data', ...env }))
    expect(noticeOf(['--database', URL])).toContain('Set OWNSPACE_DATABASE')
    expect(noticeOf(['--database', URL])).not.toContain('secret-word')
    expect(noticeOf(['--database', 'postgres://ada@db/space'])).toBeNull()
    expect(noticeOf([], { OWNSPACE_DATABASE: URL })).toBeNull()
  })
})
