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

test('without a sandbox, an SDK of Deta Space sends the key of its app nowhere', () => {
  for (const env of [
    microEnvironment(SANDBOX, { dir: '/app', env: {}, tools: [] }),
    buildEnvironment(SANDBOX, {}, { dir: '/app', env: {} }),
  ])
    for (const name of [
      'DETA_BASE_HOST',
      'DETA_DRIVE_HOST',
      'DETA_BASE_ROOT_ENDPOINT',
      'DETA_DRIVE_ROOT_ENDPOINT',
    ])
      expect(env[name]).toMatch(/^(https:\/\/)?needs-the-sandbox\.invalid(\/v1)?$/)
  expect(
    microEnvironment(SANDBOX, { dir: '/app', env: { DETA_BASE_HOST: 'own.example' }, tools: [] })[
      'DETA_BASE_HOST'
    ],
  ).toBe('own.example')
})

test('a build does not run in production mode, because it needs development dependencies', () => {
  expect(buildEnvironment(SANDBOX, {}, { dir: '/app', env: {} })).not.toHaveProperty('NODE_ENV')
})
