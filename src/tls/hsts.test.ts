import { expect, test } from 'bun:test'
import { hstsFor } from './hsts.ts'

test('browsers are bound to https for a month, for this host alone', () => {
  expect(hstsFor('cloud.test')).toEqual([['Strict-Transport-Security', 'max-age=2592000']])
})

test.each(['localhost', 'space.localhost', 'notes.space.localhost'])(
  'never on %s, where other programs speak http',
  (hostname) => {
    expect(hstsFor(hostname)).toEqual([])
  },
)
