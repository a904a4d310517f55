import { expect, test } from 'bun:test'
import { statSync } from 'node:fs'
import { detectSandbox } from './detect.ts'

test('without a sandbox the summary names the risk', async () => {
  const { kind, summary } = await detectSandbox('off')
  expect(kind).toBe('unsandboxed')
  expect(summary).toStartWith('Apps run without a sandbox: run only your own')
})

const tun = statSync('/dev/net/tun', { throwIfNoEntry: false })
const isRootsOwn = process.getuid!() === 0 && tun?.uid === 0 && (tun.mode & 0o006) === 0

test.if(isRootsOwn)(
  'on a machine that refuses a part of the sandbox, the summary has the command that allows it',
  async () => {
    const script = `const { detectSandbox } = await import('${import.meta.dir}/detect.ts')
    console.log((await detectSandbox('auto')).summary)`
    const asOtherUser = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']
    const child = Bun.spawn([...asOtherUser, process.execPath, '-e', script], {
      env: { PATH: '/usr/bin:/bin' },
      cwd: '/',
    })
    expect(await new Response(child.stdout).text()).toMatch(/Run: sudo (chmod|sysctl)/)
  },
)

const found = await detectSandbox('auto')

test.if(found.kind === 'sandboxed')('the limitations of the sandbox are listed, and no others', () => {
  if (found.kind !== 'sandboxed') throw new Error('no sandbox here')
  const { isRoot, nft } = found.host
  const lists = (text: string) => found.limitations.some((limitation) => limitation.includes(text))
  expect(lists('services that listen on this machine only')).toBe(nft === null)
  expect(lists("All apps run as this server's user")).toBe(!isRoot)
  for (const limitation of found.limitations) expect(found.summary).toContain(limitation)
})
