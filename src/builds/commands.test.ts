import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { type BuildHarness, openBuildHarness, spacefileOf } from './testing/build-harness.ts'

// Commands run in a real sandbox, on machines that also do other work.
setDefaultTimeout(60_000)

let harness: BuildHarness
beforeEach(() => void (harness = openBuildHarness()))
afterEach(() => harness[Symbol.dispose]())

const building = (commands: readonly string[], fields = '', more = {}) =>
  harness.build(
    spacefileOf(`engine: custom\nrun: ./run\ncommands: ${JSON.stringify(commands)}\n${fields}`),
    { run: '#!/bin/sh\n' },
    more,
  )

describe('build commands have', () => {
  test('the defaults of presets, and what the server hands in', async () => {
    const presets = 'presets: {env: [{name: COLOR, default: red}, {name: EMPTY}]}'
    const env = { DETA_PROJECT_KEY: 'c0_secret' }
    await building(['echo "$COLOR ${EMPTY-unset} $DETA_PROJECT_KEY" > out'], presets, { env })
    expect(harness.read('app/out')).toBe('red  c0_secret\n')
  })

  test('the caches of the server, whatever a preset says', async () => {
    await building(
      ['echo "$npm_config_cache" > out'],
      'presets: {env: [{name: npm_config_cache, default: /x}]}',
    )
    expect(harness.read('app/out')).not.toBe('/x\n')
  })
})

test('the log names no file of the server', async () => {
  await building([
    'echo the reason',
    'echo "npm error A complete log of this run can be found in: /data/_logs/1-debug-0.log"',
  ])
  expect(harness.lines).toContain('[app] the reason')
  expect(harness.lines.join('\n')).not.toContain('/data')
})

describe('a command that installs packages of the system', () => {
  test.each([
    'apt-get update && apt-get install -y --no-install-recommends git build-essential',
    'sudo apt install -y bash',
    'sudo -E DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 install python3=3.*',
    'apt upgrade -y',
  ])('succeeds when they are there: %s', async (command) => {
    expect(await building([command])).toMatchObject({ kind: 'built' })
  })

  test('fails with the names of those that are missing', async () => {
    expect(await building(['sudo apt-get install -y git no-such-a no-such-b', 'touch never'])).toEqual({
      kind: 'failed',
      fault: 'system',
      message:
        'A build command of micro `app` installs packages that this server lacks: no-such-a no-such-b. On the server, run: apt install no-such-a no-such-b',
    })
  })

  test('may fail as before when the command says so', async () => {
    expect(await building(['apt install no-such-a || true'])).toMatchObject({ kind: 'built' })
  })
})
