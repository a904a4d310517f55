import { expect, test } from 'bun:test'
import type { Audit } from '../contract/index.ts'
import { FAKE_BUILD, startFakePlatform } from './testing/fake-platform.ts'
import { asUserOf, runSpace } from './testing/run-space.ts'
import { createTempFolder } from './testing/temp-folder.ts'

const CLEAN: Audit = { packages: [], unasked: [] }
const UNASKED: Audit['unasked'] = [{ registry: 'npm', reason: 'it does not offer audits (405)' }]
const LODASH: Audit['packages'][number] = {
  registry: 'npm',
  name: 'lodash',
  version: '4.17.20',
  vulnerabilities: [
    {
      id: 'GHSA-1',
      severity: 'high',
      title: 'Command \u001b]0;x\u0007Injection',
      url: 'https://advisories.example/GHSA-1',
      fixed_in: ['4.17.21'],
    },
    { id: 'GHSA-2', severity: null, title: 'Another', url: null, fixed_in: [] },
  ],
}

async function run(answer: Audit, argv: readonly string[] = []) {
  await using peer = await startFakePlatform()
  peer.on('GET /v0/builds', () => ({
    json: { builds: [FAKE_BUILD], page: { size: 1, last: null } },
  }))
  peer.on(`GET /v0/builds/${FAKE_BUILD.id}/audit`, () => ({ json: answer }))
  using folder = createTempFolder({})
  const words = ['audit', 'spaceauth-k2j3d4', ...argv]
  return await runSpace(words, { cwd: folder.path, env: asUserOf(peer) })
}

test('exit code 0: no known vulnerabilities', async () => {
  const { exitCode, stdout, stderr } = await run(CLEAN)
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' })
  expect(stderr).toContain('Revision dory-weyi has no packages with known vulnerabilities.')
})

test('exit code 1: each vulnerability, with what fixes it, and what was not asked', async () => {
  const { exitCode, stdout, stderr } = await run({ packages: [LODASH], unasked: UNASKED })
  expect({ exitCode, stdout }).toEqual({
    exitCode: 1,
    stdout: [
      'lodash 4.17.20',
      '  high: Command Injection (GHSA-1)',
      '    https://advisories.example/GHSA-1',
      '    fixed in 4.17.21',
      '  Another (GHSA-2)',
      '    no fixed version known',
      '',
    ].join('\n'),
  })
  expect(stderr).toContain('1 package with known vulnerabilities.')
  expect(stderr).toContain('The npm registry could not be asked: it does not offer audits (405)')
  expect(stderr).toContain('Update the packages, then run: space push')
})

test('exit code 3: nothing was found, but a registry could not be asked', async () => {
  const { exitCode, stderr } = await run({ packages: [], unasked: UNASKED })
  expect(exitCode).toBe(3)
  expect(stderr).toContain('The npm registry could not be asked: it does not offer audits (405)')
  expect(stderr).not.toContain('has no packages with known vulnerabilities')
})

test.each([
  [0, CLEAN],
  [1, { packages: [LODASH], unasked: UNASKED }],
  [3, { packages: [], unasked: UNASKED }],
])('--json prints the answer with exit code %d', async (code, answer) => {
  const { exitCode, stdout } = await run(answer, ['--json'])
  expect(exitCode).toBe(code)
  expect(JSON.parse(stdout)).toEqual(answer)
})

test('a revision that is not there', async () => {
  const { exitCode, stderr } = await run(CLEAN, ['--revision', 'gone'])
  expect(exitCode).toBe(1)
  expect(stderr).toContain('There is no revision gone of this app.')
})
