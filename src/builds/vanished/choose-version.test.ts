import { describe, expect, test } from 'bun:test'
import { asksOnlyFrom, chooseVersion } from './choose-version.ts'

const VERSIONS = ['1.0.0', '1.0.1', '1.1.0', '1.2.0']

describe('the version of a package of ours', () => {
  test.each([
    ['', '1.2.0'],
    ['==1.1.0', '1.1.0'],
    ['== 1.1', '1.1.0'],
    ['===1.0.1', '1.0.1'],
    ['==1.0.*', '1.0.1'],
    ['~=1.0.0', '1.0.1'],
    ['~=1.0', '1.2.0'],
    ['>=1.0,<1.2', '1.1.0'],
    ['>=1.0,!=1.2.0', '1.1.0'],
    ['!=1.2.*', '1.1.0'],
    ['>1.0.0,<=1.1.0', '1.1.0'],
    ['==0.9.0', null],
    ['>=2', null],
    ['nonsense', '1.2.0'],
  ])('for %p is %p', (specifier, version) => {
    expect(chooseVersion(specifier, VERSIONS)).toBe(version)
  })

  test.each([
    ['>=2', true],
    ['==2.1.0', true],
    ['>=1', false],
    ['<2', false],
    ['', false],
  ])('%p asks only for later ones: %p', (specifier, later) => {
    expect(asksOnlyFrom(specifier, 2)).toBe(later)
  })
})
