import { expect, test } from 'bun:test'
import type { Override, Surface, SurfaceRoute } from '../../../contract/index.ts'
import { addPrivate, close, removePrivate, reopen, withClosed } from './overrides.ts'

const PING: SurfaceRoute = {
  micro: 'web',
  mount: '/',
  pattern: '/ping',
  from: 'web',
  outside: '/ping',
  examples: ['/ping'],
  state: 'open',
  since: null,
  last_used_at: null,
  uses: 0,
  advice: 'unused',
}
const CLOSED: Override = { micro: 'web', kind: 'close', pattern: '/ping' }
const OTHERS: Override[] = [
  { micro: 'api', kind: 'close', pattern: '/ping' },
  { micro: 'web', kind: 'private', pattern: '/ping' },
]

test('closing and reopening change one override and leave its look-alikes', () => {
  expect(close(PING)(OTHERS)).toEqual([...OTHERS, CLOSED])
  expect(reopen(PING)([...OTHERS, CLOSED])).toEqual(OTHERS)
})

test('a change that is made twice is made once', () => {
  expect(close(PING)(close(PING)(OTHERS))).toEqual([...OTHERS, CLOSED])
  const pattern = { micro: 'web', pattern: '/admin/*' }
  expect(addPrivate(pattern)(addPrivate(pattern)([]))).toEqual([{ ...pattern, kind: 'private' }])
  expect(removePrivate({ ...pattern, by: 'owner' })(OTHERS)).toEqual(OTHERS)
})

test('what is shown early closes that route alone', () => {
  const other = { ...PING, micro: 'api' }
  const surface: Surface = {
    routes: [PING, other],
    private: [],
    keys_on: [],
    warnings: [],
    overrides: OTHERS,
  }
  expect(withClosed(surface, PING)).toMatchObject({
    routes: [{ micro: 'web', state: 'closed', advice: null }, other],
    overrides: [...OTHERS, CLOSED],
  })
})
