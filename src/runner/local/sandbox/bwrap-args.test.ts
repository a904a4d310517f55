import { expect, test } from 'bun:test'
import { type SandboxLayout, bwrapArgs } from './bwrap-args.ts'

const LAYOUT: SandboxLayout = {
  root: [
    { kind: 'bind', path: '/usr' },
    { kind: 'symlink', target: 'usr/bin', path: '/bin' },
  ],
  mounts: [{ source: '/data/revisions/r1', target: '/app', writable: false }],
  links: [],
  etcFiles: [],
  makesNetwork: true,
  seccompFd: 9,
  infoFd: 3,
  env: { NAME: 'value' },
  workingDir: '/app',
  tmpBytes: 1024,
}

test.each(['user', 'pid', 'net', 'ipc', 'uts', 'cgroup'])('the sandbox has its own %s namespace', (name) => {
  expect(bwrapArgs(LAYOUT)).toContain(`--unshare-${name}`)
})

test('no capability is kept, whichever user sets up the sandbox', () => {
  expect(bwrapArgs(LAYOUT).join(' ')).toContain('--cap-drop ALL')
})

test('a network is created unless the sandbox has an outer namespace', () => {
  expect(bwrapArgs({ ...LAYOUT, makesNetwork: false })).not.toContain('--unshare-net')
})

test('only /tmp, /dev/shm and writable mounts can be written', () => {
  expect(bwrapArgs(LAYOUT)).not.toContain('--bind')
  const args = bwrapArgs({ ...LAYOUT, mounts: [{ source: '/work', target: '/app', writable: true }] })
  expect(args.join(' ').match(/--bind \S+ \S+/g)).toEqual(['--bind /work /app'])
})

test('the root becomes read-only after everything is mounted', () => {
  const args = bwrapArgs(LAYOUT)
  const after = args.slice(args.indexOf('--remount-ro'))
  expect(after.filter((arg) => /^--(ro-bind|bind|dir|tmpfs|symlink|proc)/.test(arg))).toEqual([])
})

test.each([
  ['a value', { env: { NAME: 'x\0--bind\0/\0/tmp/out' } }],
  ['a name', { env: { 'NAME\0--share-net': '' } }],
  ['a path', { mounts: [{ source: '/data\0/etc', target: '/app', writable: false }] }],
])('a NUL byte in %s, which would begin a new argument, is refused', (_, change) => {
  expect(() => bwrapArgs({ ...LAYOUT, ...change })).toThrow('NUL byte')
})

test.each(['', 'A=B'])('the variable name %p, which an environment cannot contain, is refused', (name) => {
  expect(() => bwrapArgs({ ...LAYOUT, env: { [name]: 'x' } })).toThrow('variable name')
})
