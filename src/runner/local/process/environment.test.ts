import { expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildEnvironment, microEnvironment } from './environment.ts'

const SANDBOX = {
  kind: 'unsandboxed',
  toolchain: {
    insidePath: ['/bin'],
    outsidePath: ['/bin'],
    builds: { insidePath: [], outsidePath: [] },
    headers: { inside: '/opt/node', outside: '/home/ada/.nvm' },
  },
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

test('a build compiles with the headers of the Node that it uses', () => {
  const build = (sandbox: typeof SANDBOX, tools: { name: string; dir: string }[]) =>
    buildEnvironment(sandbox, {}, { dir: '/app', env: {}, tools })['npm_config_nodedir']
  const inside = { ...SANDBOX, kind: 'sandboxed' } as typeof SANDBOX
  const dir = mkdtempSync(join(tmpdir(), 'headers-test-'))
  try {
    const tools = [{ name: 'node-18.20.8', dir }]
    expect([build(SANDBOX, []), build(inside, [])]).toEqual(['/home/ada/.nvm', '/opt/node'])
    expect(build(inside, tools)).toBeUndefined()
    mkdirSync(join(dir, 'package/include/node'), { recursive: true })
    writeFileSync(join(dir, 'package/include/node/node_version.h'), '')
    expect([build(SANDBOX, tools), build(inside, tools)]).toEqual([
      join(dir, 'package'),
      '/opt/tools/node-18.20.8/package',
    ])
  } finally {
    rmSync(dir, { recursive: true })
  }
})
