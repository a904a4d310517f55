import { expect, test } from 'bun:test'
import type { Supplies } from '../vanished/supplies.ts'
import { answerRequirements } from './answer-requirements.ts'
import { relaxPin, troubleOf } from './relax-pins.ts'

const wheel = (version: string) => ({
  name: 'deta',
  version,
  url: `file:///s/deta-${version}.whl`,
  sha256: `sum${version}`,
  env: { PIP_CONSTRAINT: version },
})
const SUPPLIES: Supplies = {
  dir: '/s',
  toolsDir: '/t',
  env: { PIP_CONSTRAINT: '1.2.0' },
  wheels: ['1.0.0', '1.0.1', '1.1.0', '1.2.0'].map(wheel),
  tarballs: new Map(),
}
const answer = (...requirements: string[]) =>
  answerRequirements(
    {
      source: 'requirements.txt',
      isComplete: false,
      requirements,
      constraints: ['deta==1.0.0', 'a<2'],
      options: [],
    },
    SUPPLIES,
  )

test('a vanished package becomes ours, by its address and checksum, and so for everything that needs it', () => {
  expect(answer('a==1 --hash=sha256:x', 'deta[async]==1.1.0 --hash=sha256:y')).toMatchObject({
    requirements: ['a==1 --hash=sha256:x', 'deta[async] @ file:///s/deta-1.1.0.whl --hash=sha256:sum1.1.0'],
    constraints: ['a<2'],
    pins: { PIP_CONSTRAINT: '1.1.0' },
    notices: [expect.stringContaining('deta 1.1.0 for `deta==1.1.0`')],
  })
})

test('a version that never was ours is answered with the newest', () => {
  expect(answer('deta==0.8').requirements).toEqual(['deta @ file:///s/deta-1.2.0.whl'])
})

test('an app that asks for the other project gets it', () => {
  expect(answer('deta>=2')).toMatchObject({ requirements: ['deta>=2'], pins: {}, notices: [] })
})

test('an app that does not ask is protected all the same', () => {
  expect(answer('flask').pins).toEqual(SUPPLIES.env)
})

test('checksums are left out unless every package has one', () => {
  expect(answer('a==1 --hash=sha256:x', 'b').requirements).toEqual(['a==1', 'b'])
})

test('what only another machine has is left out or resolved again', () => {
  const { requirements, notices } = answer(
    'pywin32==306',
    'pkg-resources==0.0.0',
    'certifi @ file:///croot/certifi_1/work',
    'flask',
  )
  expect(requirements).toEqual(['certifi', 'flask'])
  expect(notices).toHaveLength(3)
})

test.each([
  ['  × Failed to build `aiohttp==3.8.1`', 'aiohttp'],
  ['ERROR: Failed building wheel for pydantic-core', 'pydantic-core'],
  ['ERROR: Could not build wheels for PyYAML, which is required', 'PyYAML'],
])('the package that cannot be built is found in %p', (tail, name) => {
  expect(troubleOf(tail)).toEqual({ package: name })
})

test('a pin is relaxed up to the next major version', () => {
  expect(relaxPin(['aiohttp==3.8.1 ; python_version > "3"', 'b==1'], 'aiohttp')).toEqual({
    lines: ['aiohttp>=3.8.1,<4 ; python_version > "3"', 'b==1'],
    from: 'aiohttp==3.8.1',
    to: 'aiohttp>=3.8.1,<4',
  })
  expect(relaxPin(['aiohttp'], 'aiohttp')).toBeNull()
})
