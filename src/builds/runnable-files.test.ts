import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { programsIn } from './runnable-files.ts'
import { openBuildHarness, spacefileOf } from './testing/build-harness.ts'

// Commands run in a real sandbox, on machines that also do other work.
setDefaultTimeout(60_000)

test.each([
  ['./start.sh', ['start.sh']],
  ['exec ./bin/server --port 1', ['bin/server']],
  ['A=1 B=2 ./a && ./b | ./c; (./d)', ['a', 'b', 'c', 'd']],
  ['scripts/build', ['scripts/build']],
  ['node index.js ./data.txt', []],
  ['/bin/sh ../../etc/x', []],
  ['../outside', []],
  ['$PWD/x; "./y"', []],
])('the programs of %j are %j', (command, programs) => {
  expect(programsIn(command)).toEqual(programs)
})

describe('a script of the app', () => {
  test('that `run` or a command names is executable, also without an interpreter line', async () => {
    using harness = openBuildHarness()
    const text = spacefileOf('engine: custom\nrun: ./start.sh\ncommands: [./scripts/make]')
    const files = { 'start.sh': 'echo', 'scripts/make': 'echo made > out', 'data.txt': 'x' }
    expect((await harness.build(text, files)).kind).toBe('built')
    expect(harness.read('app/out')).toBe('made\n')
    const modes = ['start.sh', 'data.txt'].map(
      (path) => lstatSync(join(harness.outDir, 'app', path)).mode & 0o777,
    )
    expect(modes).toEqual([0o755, 0o644])
  })

  test('with Windows line ends is converted, and the log says so', async () => {
    using harness = openBuildHarness()
    const text = spacefileOf('engine: custom\nrun: ./start.sh\ncommands: [./make.sh]')
    const files = {
      'start.sh': '#!/bin/sh\r\necho\r\n',
      'make.sh': '#!/bin/sh\r\necho x > out\r\n',
      'a.txt': 'a\r\n',
    }
    expect((await harness.build(text, files)).kind).toBe('built')
    expect([harness.read('app/out'), harness.read('app/start.sh'), harness.read('app/a.txt')]).toEqual([
      'x\n',
      '#!/bin/sh\necho\n',
      'a\r\n',
    ])
    expect(harness.lines).toContain(
      'make.sh had Windows line ends (CRLF), which no system could run: converted',
    )
  })

  test.each([
    ['mixed line ends', '#!/bin/sh\r\necho\n'],
    ['a NUL byte', '#!/bin/sh\r\n\0\r\n'],
    ['no interpreter line', 'echo\r\n'],
  ])('with %s is left as it is', async (_name, script) => {
    using harness = openBuildHarness()
    await harness.build(spacefileOf('engine: custom\nrun: ./start.sh'), { 'start.sh': script })
    expect(harness.read('app/start.sh')).toBe(script)
  })
})
