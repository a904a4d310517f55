import { describe, expect, test } from 'bun:test'
import { COMMAND_NAMES } from './registry.ts'
import { runSpace } from './testing/run-space.ts'
import { createTempFolder } from './testing/temp-folder.ts'

const run = async (...argv: string[]) => {
  using folder = createTempFolder()
  return await runSpace(argv, { cwd: folder.path })
}

describe('what cannot be understood ends with 2 and says what can', () => {
  test.each([
    [['psh'], "✗ Unknown command 'psh'\n  Did you mean: space push\n  See all commands: space --help\n"],
    [['bogus'], "✗ Unknown command 'bogus'\n  See all commands: space --help\n"],
    [['keys', 'crate'], 'Did you mean: space keys create\n  See all commands: space keys --help'],
    [['push', '--opne'], "✗ Unknown option '--opne'\n  Did you mean: space push --open"],
    [['push', '--dir'], "✗ Option '-d, --dir <folder>' argument missing"],
    [['push', '--id', ''], '✗ --id cannot be empty'],
    [['push', '--tag='], '✗ --tag cannot be empty'],
    [['delete'], "✗ Missing required argument 'app'"],
    [['open', 'a', 'b'], "✗ Too many arguments for 'open'"],
    [['keys'], '✗ A command is missing\n  See all commands: space keys --help'],
    [['--frobnicate'], "✗ Unknown option '--frobnicate'"],
    [['logs', 'x', '--limit', 'many'], '✗ --limit must be a number, for example 500'],
    [['login', '--server', 'ftp://x'], '✗ "ftp://x" is not the address of a server'],
  ])('space %j', async (argv, message) => {
    const { exitCode, stdout, stderr } = await run(...argv)
    expect(stderr).toContain(message)
    expect(stdout).toBe('')
    expect(exitCode).toBe(2)
  })

  test('--json makes it an object', async () => {
    const { exitCode, stdout } = await run('push', '--opne', '--json')
    expect(exitCode).toBe(2)
    expect(JSON.parse(stdout)).toEqual({
      error: { code: 'usage', message: expect.stringContaining('Did you mean: space push --open') },
    })
  })
})

describe('help', () => {
  test.each([[[]], [['--help']], [['-h']]])('space %j lists every command on stdout', async (argv) => {
    const { exitCode, stdout, stderr } = await run(...argv)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    for (const name of COMMAND_NAMES) expect(stdout).toContain(`\n  ${name.split(' ')[0]}`)
  })

  test.each(COMMAND_NAMES.map((name) => [name]))('space %s --help', async (name) => {
    const { exitCode, stdout } = await run(...name.split(' '), '--help')
    expect(exitCode).toBe(0)
    expect(stdout).toStartWith(`Usage: space ${name}`)
  })

  test('the flags of the server are named for its command', async () => {
    expect((await run('serve', '--help')).stdout).toContain('--log-level <value>')
  })
})

test('completion offers the names of all commands', async () => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { stdout } = await run('completion', shell)
    for (const name of COMMAND_NAMES) expect(stdout).toContain(name.split(' ').at(-1)!)
  }
  expect(await run('completion', 'tcsh')).toMatchObject({ exitCode: 2 })
})

test('the version names command and platform', async () => {
  expect((await run('version')).stdout).toMatch(/^space \d+\.\d+\.\d+ \w+-\w+\n$/)
  expect((await run('--version')).stdout).toBe((await run('version')).stdout)
})
