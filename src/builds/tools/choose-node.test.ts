import { describe, expect, test } from 'bun:test'
import { askedNode, chooseNode, npmFor, outdatedNode, pickNode } from './choose-node.ts'
import { isRange } from './newest-versions.ts'

const FILES = { packageJson: {}, nvmrc: null, nodeVersion: null }

describe('what a project asks for', () => {
  test.each([
    [{ nodeVersion: 'v18.17.0\n' }, '18.17.0'],
    [{ nvmrc: 'lts/hydrogen' }, '18'],
    [{ nvmrc: '20' }, '20'],
    [{ packageJson: { engines: { node: '>=v16 <19' } } }, '>=16 <19'],
    [{ packageJson: { engines: { node: '18.x' }, volta: { node: '20.1.0' } } }, '20.1.0'],
    [{ nvmrc: 'lts/*', packageJson: { engines: { node: '18' } } }, '18'],
  ])('%j', (files, range) => {
    expect(askedNode({ ...FILES, ...files })?.range).toBe(range)
  })

  test.each([
    "18'; touch /tmp/x; '",
    '$(id)',
    '`id`',
    'http://example.org',
    '18\nfoo',
    'node',
    'latest',
    '*',
    '',
    '>=1 '.repeat(50),
  ])('%j says no version', (nvmrc) => {
    expect(askedNode({ ...FILES, nvmrc })).toBeNull()
    expect(isRange(nvmrc)).toBeFalse()
  })
})

describe('which Node builds and runs a micro', () => {
  const machine = { kind: 'machine' }
  const ask = (range: string) => ({ range, from: '.nvmrc' })

  test.each([
    ['nodejs16', null, machine],
    ['nodejs', null, machine],
    ['react', null, machine],
    ['nodejs20', null, machine],
    ['nodejs18', null, { kind: 'fetch', range: '18', from: 'the engine `nodejs18`', major: 18 }],
    ['nodejs16', ask('>=14'), machine],
    ['nodejs16', ask('16.x'), { kind: 'fetch', range: '16.x', from: '.nvmrc', major: null }],
    ['nodejs18', ask('>=16'), { kind: 'fetch', range: '>=16', from: '.nvmrc', major: 18 }],
    ['next', ask('^22.1.0'), { kind: 'fetch', range: '^22.1.0', from: '.nvmrc', major: null }],
  ])('engine %s, asks for %j', (engine, asked, choice) => {
    expect(chooseNode(engine, asked, '20.20.2')).toEqual(choice as never)
  })

  test('of the versions in a range: the engine’s, else the newest with long support, none before 16', () => {
    const versions = ['14.21.3', '16.20.2', '18.20.8', '18.9.0', '19.9.0', '25.1.0']
    expect(pickNode(versions, 18)).toBe('18.20.8')
    expect(pickNode(versions, null)).toBe('18.20.8')
    expect(pickNode(['19.9.0', '17.1.0'], null)).toBe('19.9.0')
    expect(pickNode(['14.21.3'], null)).toBeNull()
  })

  test('a version without fixes is warned of', () => {
    expect(outdatedNode('18.20.8', Date.parse('2026-01-01'))).toContain('no security fixes since 2025-04-30')
    expect(outdatedNode('24.1.0', Date.parse('2026-01-01'))).toBeNull()
  })

  test.each([
    ['18.20.8', '11.19.1', '10.9.9'],
    ['16.20.2', '11.19.1', '9.9.4'],
    ['22.23.5', '11.19.1', null],
    ['20.1.0', '12.0.0', '9.9.4'],
    ['22.23.5', null, '11.21.2'],
  ])('Node %s with npm %s of the machine gets npm %s', (node, npm, fetched) => {
    expect(npmFor(node, npm)).toBe(fetched)
  })
})
