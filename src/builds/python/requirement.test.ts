import { describe, expect, test } from 'bun:test'
import { formatRequirement, parseRequirement } from './requirement.ts'

describe('a requirement', () => {
  test.each([
    ['flask', { name: 'flask', specifier: '' }],
    ['Deta==1.1.0', { name: 'deta', specifier: '==1.1.0' }],
    ['uvicorn[standard] >= 0.17, < 1', { name: 'uvicorn', extras: '[standard]', specifier: '>=0.17,<1' }],
    ['a (>=1)', { name: 'a', specifier: '>=1' }],
    ['tzdata>=2021; sys_platform == "win32"', { name: 'tzdata', marker: '; sys_platform == "win32"' }],
    ['a==1 --hash=sha256:x --hash sha256:y', { specifier: '==1', hashes: ['sha256:x', 'sha256:y'] }],
    ['deta @ https://x/deta.whl', { name: 'deta', specifier: '@ https://x/deta.whl' }],
    ['./local', { name: null, specifier: './local' }],
    ['git+https://x/y.git', { name: null }],
    ['-e .', { name: null }],
  ])('%s', (line, parts) => {
    expect(parseRequirement(line)).toMatchObject(parts)
  })

  test('is written as it was read', () => {
    const line = 'uvicorn[standard]>=0.17 ; python_version > "3" --hash=sha256:x'
    expect(formatRequirement(parseRequirement(line))).toBe(line)
  })
})
