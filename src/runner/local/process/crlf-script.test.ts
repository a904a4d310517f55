import { expect, test } from 'bun:test'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { openSandboxHarness } from '../../testing/sandbox-harness.ts'
import { explainCrlf } from './crlf-script.ts'

const FILES = {
  'start.sh': '#!/bin/sh\r\necho hello\r\n',
  'bin/run': '#!/usr/bin/env node\r\n',
  'plain.sh': 'echo one\r\necho two\r\n',
  'fine.sh': '#!/bin/sh\nprintf "a\r\n"\n',
  'notes.txt': 'one\r\ntwo\r\n',
}

test.each([
  ['./start.sh', 'start.sh'],
  ['/app/start.sh --now', 'start.sh'],
  ['A=1 exec bin/run', 'bin/run'],
  ['set -e\ncd . && sh plain.sh', 'plain.sh'],
  ["bash -c './start.sh'", 'start.sh'],
])('%j is explained by the file %s', (command, name) => {
  using harness = openSandboxHarness()
  const text = explainCrlf(harness.folder('app', FILES), command)
  expect(text).toStartWith(`${name} has Windows line ends (CRLF)`)
  expect(text).toEndWith(`sed -i 's/\\r$//' ${name}`)
})

test('a script that package.json runs is explained too', () => {
  using harness = openSandboxHarness()
  const files = { ...FILES, 'package.json': '{"scripts":{"start":"./start.sh"}}' }
  expect(explainCrlf(harness.folder('app', files), 'npm start')).toStartWith('start.sh ')
  expect(explainCrlf(harness.folder('broken', { 'package.json': '{' }), 'npm start')).toBeNull()
})

test.each(['./fine.sh', 'cat notes.txt', 'missing', '../app/start.sh-', 'node bin', '/etc/hostname', ''])(
  '%j is not explained',
  (command) => {
    using harness = openSandboxHarness()
    expect(explainCrlf(harness.folder('app', FILES), command)).toBeNull()
  },
)

test('a file outside the folder or behind a link is not read', () => {
  using harness = openSandboxHarness()
  harness.folder('other', FILES)
  const dir = harness.folder('app')
  symlinkSync('../other/start.sh', join(dir, 'link.sh'))
  symlinkSync('../other', join(dir, 'folder'))
  for (const command of ['./link.sh', 'folder/start.sh', '../other/start.sh'])
    expect(explainCrlf(dir, command)).toBeNull()
})
