import { expect, test } from 'bun:test'
import { statSync } from 'node:fs'
import { detectSandbox } from './detect.ts'

test('without a sandbox it is said what that means', async () => {
  const { kind, summary } = await detectSandbox('off')
  expect(kind).toBe('plain')
  expect(summary).toStartWith('Apps run without a sandbox: run only your own')
})

const tun = statSync('/dev/net/tun', { throwIfNoEntry: false })
const isRootsOwn = process.getuid!() === 0 && tun?.uid === 0 && (tun.mode & 0o006) === 0

test.if(isRootsOwn)('a machine that refuses a wall is told what to type', async () => {
  const script = `const { detectSandbox } = await import('${import.meta.dir}/detect.ts')
    console.log((await detectSandbox('auto')).summary)`
  const nobody = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
  const child = Bun.spawn([...nobody, process.execPath, '-e', script], {
    env: { PATH: '/usr/bin:/bin' },
    cwd: '/',
  })
  expect(await new Response(child.stdout).text()).toMatch(/Type: sudo (chmod|sysctl)/)
})

const found = await detectSandbox('auto')

test.if(found.kind === 'walls')('what walls leave open is said, and no more', () => {
  if (found.kind !== 'walls') throw new Error('no walls here')
  const { isRoot, nft } = found.host
  const says = (text: string) => found.gaps.some((gap) => gap.includes(text))
  expect(says('services that listen on this machine only')).toBe(nft === null)
  expect(says("All apps run as this server's user")).toBe(!isRoot)
  for (const gap of found.gaps) expect(found.summary).toContain(gap)
})
