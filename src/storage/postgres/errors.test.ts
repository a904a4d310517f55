import { describe, expect, test } from 'bun:test'
import { isDatabaseGone, isUnstorableText, openError, shownDatabase } from './errors.ts'
import { requireFit } from './open.ts'
import { withNumbers } from './values.ts'

const URL = 'postgres://ada:secret-word@db.example.org:5433/space'
const SHOWN = 'postgres://ada@db.example.org:5433/space'

const failure = (code: string, errno?: string) => Object.assign(new Error('as it said'), { code, errno })
const ofServer = (errno: string) => failure('ERR_POSTGRES_SERVER_ERROR', errno)

test('a database is shown without its password', () => {
  expect(shownDatabase(URL)).toBe(SHOWN)
  expect(shownDatabase('postgresql://db/space?password=secret-word')).toBe('postgresql://db/space')
})

describe('a database that cannot be opened', () => {
  test.each<[string, unknown, string]>([
    ['a wrong password', ofServer('28P01'), 'Check the user and the password'],
    ['a user who does not exist', ofServer('28000'), 'Check the user and the password'],
    ['a server without TLS', failure('ERR_POSTGRES_TLS_NOT_AVAILABLE'), 'Check sslmode'],
    ['no such database', ofServer('3D000'), 'Create it (createdb space)'],
    ['no right to make tables', ofServer('42501'), 'alter database space owner to ada'],
    ['a standby', ofServer('25006'), 'name its primary server'],
    [
      'too many connections',
      ofServer('53300'),
      'Make sure that PostgreSQL runs and listens at db.example.org:5433',
    ],
    ['nothing that listens', failure('ERR_POSTGRES_CONNECTION_REFUSED'), 'listens at db.example.org:5433'],
    ['no answer in time', failure('ERR_POSTGRES_CONNECTION_TIMEOUT'), 'listens at db.example.org:5433'],
  ])('by %s is explained', (_, error, advice) => {
    const { message } = openError(URL, error)!
    expect(message).toStartWith(`The database ${SHOWN} cannot be used: as it said.\n`)
    expect(message).toContain(advice)
    expect(message).not.toContain('secret-word')
  })

  test('by a defect of ours is not', () => {
    const defects = [ofServer('42601'), new Error('a defect'), failure('ENOENT'), undefined, 'text']
    expect(defects.map((error) => openError(URL, error))).toEqual(defects.map(() => null))
  })
})

test.each<[string, unknown, boolean]>([
  ['a lost connection', failure('ERR_POSTGRES_CONNECTION_CLOSED'), true],
  ['a database that shuts down', ofServer('57P01'), true],
  ['a database that starts', ofServer('57P03'), true],
  ['a full disk there', ofServer('53100'), true],
  ['a writer that takes too long', ofServer('55P03'), true],
  ['a statement that takes too long', ofServer('57014'), true],
  ['a broken rule', ofServer('23505'), false],
  ['a defect', ofServer('42601'), false],
  ['another error', new Error('CONNECTION'), false],
])('%s: whether the database is gone', (_, error, isGone) => {
  expect(isDatabaseGone(error)).toBe(isGone)
})

test('a NUL character is a fault of the text', () => {
  expect(isUnstorableText(ofServer('22021'))).toBe(true)
  expect(isUnstorableText(ofServer('23505'))).toBe(false)
})

describe('a server', () => {
  test.each([14, 15, 18])('of version %d is taken', (version) => {
    expect(() => requireFit({ version, encoding: 'UTF8' }, { url: URL })).not.toThrow()
  })

  test.each([9, 13])('of version %d is refused', (version) => {
    expect(() => requireFit({ version, encoding: 'UTF8' }, { url: URL })).toThrow(
      `${SHOWN} is of PostgreSQL ${version}; Ownspace needs 14 or newer`,
    )
  })

  test('that keeps no characters but bytes is refused', () => {
    expect(() => requireFit({ version: 15, encoding: 'SQL_ASCII' }, { url: URL })).toThrow('needs UTF8')
  })
})

test('a whole number that JavaScript cannot hold is refused, not rounded', () => {
  expect(withNumbers({ rows: [{ a: 5n, b: 'x', c: null }] }).rows).toEqual([
    { a: 5, b: 'x', c: null },
  ] as never)
  expect(() => withNumbers({ rows: [{ a: 2n ** 53n }] })).toThrow('too large')
})
