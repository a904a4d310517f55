import { expect, test } from 'bun:test'
import { buildEnvironment, microEnvironment } from './environment.ts'

const SANDBOX = {
  kind: 'unsandboxed',
  toolchain: { outsidePath: ['/bin'], builds: { outsidePath: [] } },
} as unknown as Parameters<typeof microEnvironment>[0]

test('a micro runs in production mode unless its app sets another mode, and it cannot change its port', () => {
  const { NODE_ENV, RACK_ENV } = microEnvironment(SANDBOX, { dir: '/app', env: {}, tools: [] })
  expect([NODE_ENV, RACK_ENV]).toEqual(['production', 'production'])
  expect(
    microEnvironment(SANDBOX, { dir: '/app', env: { NODE_ENV: 'test', PORT: '1' }, tools: [] }),
  ).toMatchObject({
    NODE_ENV: 'test',
    PORT: '8080',
  })
})

test('a build does not run in production mode, because it needs development dependencies', () => {
  expect(buildEnvironment(SANDBOX, {}, { dir: '/app', env: {} })).not.toHaveProperty('NODE_ENV')
})
