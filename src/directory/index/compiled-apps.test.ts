import { expect, test } from 'bun:test'
import { CompiledApps } from './compiled-apps.ts'
import type { MicroEntry } from '../index.ts'
import { micro } from '../testing/entries.ts'

const routes = (...publicRoutes: string[]) => micro('web', '/', { publicRoutes })

test('instances with the same micros share an app, wherever those are', () => {
  const pool = new CompiledApps()
  const here = { kind: 'process', address: { host: '127.0.0.1', port: 1 } } as const
  const app = pool.take([routes('/a')])
  expect(pool.take([{ ...routes('/a'), upstream: here }])).toBe(app)
  expect(app.micros[0]!.rules.judge('/a').kind).toBe('public')
})

test('an app lives as long as one instance has it', () => {
  const pool = new CompiledApps()
  const app = pool.take([routes('/a')])
  pool.take([routes('/a')])
  pool.release(app)
  expect(pool.take([routes('/a')])).toBe(app)
  pool.release(app)
  pool.release(app)
  expect(pool.size).toBe(0)
  expect(pool.take([routes('/a')])).not.toBe(app)
})

test.each<[what: string, micros: MicroEntry[]]>([
  ['another public route', [routes('/a', '/b')]],
  ['no public route', [routes()]],
  ['a route in another case', [routes('/A')]],
  ['a private route', [{ ...routes('/a'), privateRoutes: ['/a'] }]],
  ['no keys', [{ ...routes('/a'), apiKeys: false }]],
  ['another name', [{ ...routes('/a'), name: 'main' }]],
  ['one more micro', [routes('/a'), micro('api', '/api')]],
  ['no micro', []],
])('what differs is not shared: %s', (_, micros) => {
  const pool = new CompiledApps()
  expect(pool.take(micros)).not.toBe(pool.take([routes('/a')]))
})
