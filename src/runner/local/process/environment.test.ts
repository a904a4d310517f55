import { expect, test } from 'bun:test'
import { buildEnvironment, microEnvironment } from './environment.ts'

const SANDBOX = { kind: 'plain', toolchain: { outsidePath: ['/bin'] } } as unknown as Parameters<
  typeof microEnvironment
>[0]

test('a micro runs as in production, unless its app says otherwise; its port is not its own to choose', () => {
  const { NODE_ENV, RACK_ENV } = microEnvironment(SANDBOX, '/app', {})
  expect([NODE_ENV, RACK_ENV]).toEqual(['production', 'production'])
  expect(microEnvironment(SANDBOX, '/app', { NODE_ENV: 'test', PORT: '1' })).toMatchObject({
    NODE_ENV: 'test',
    PORT: '8080',
  })
})

test('a build does not: it needs what is only for development', () => {
  expect(buildEnvironment(SANDBOX, '/app', {}, {})).not.toHaveProperty('NODE_ENV')
})
