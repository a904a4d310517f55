/**
 * Drive beside nginx's WebDAV module on the same disk: seconds for one file up and down, and the memory that our process
 * uses for several at once. Ours answers an upload after `fsync` and checks every chunk that it reads; nginx does neither, so it is
 * measured with an `fsync` of the file as well.
 *
 *     bun bench/drive.ts [--mb=100] [--rounds=7]
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { median } from './support/median.ts'
import { startPrintingPort, treeCpuMicros, treeRssMb } from './support/process.ts'
import { startWebdav } from './support/webdav.ts'

const { values } = parseArgs({
  options: { mb: { type: 'string', default: '100' }, rounds: { type: 'string', default: '7' } },
})
const bytes = Number(values.mb) * 1_000_000
const PART_BYTES = 10 * 1_048_576
const AT_ONCE = 4

const folder = mkdtempSync(join(tmpdir(), 'ownspace-bench-drive-'))
const source = join(folder, 'source')
await Bun.write(source, noise(bytes))
const collections = join(folder, 'collections')
mkdirSync(collections)
using ours = await startPrintingPort([
  process.execPath,
  join(import.meta.dir, '../src/drive/testing/drive-process.ts'),
  collections,
  String(1024 * 1_048_576),
])
using nginx = await startWebdav(join(folder, 'nginx'))
const root = `http://127.0.0.1:${ours.port}/v1/bench/files`
const dav = `http://127.0.0.1:${nginx.port}`

/** One after the other in each round, so that what else happens on the machine meets all of them. */
const tasks: Record<string, () => Promise<void>> = {
  'up, nginx': () => curl('-T', source, `${dav}/file`),
  'up, nginx, then fsync': async () => {
    await curl('-T', source, `${dav}/file`)
    await Bun.spawn(['sync', join(folder, 'nginx/files/file')]).exited
  },
  'up, ours, one request': () => curl('-X', 'POST', '-T', source, `${root}/files?name=file`),
  'up, ours, parts': () => uploadParts('parts'),
  'down, nginx': () => curl(`${dav}/file`),
  'down, ours, one blob': () => curl(`${root}/files/download?name=file`),
  'down, ours, parts': () => curl(`${root}/files/download?name=parts`),
}

try {
  const runs = await timeTasks()
  const of = (name: string, key: keyof Run) => median(runs.get(name)!.map((run) => run[key]))
  for (const name of runs.keys()) {
    const seconds = of(name, 'seconds')
    const ratio = of(`${name.split(',')[0]}, nginx`, 'seconds') / seconds
    const rate = Math.round(bytes / 1e6 / seconds)
    const cpu = `${of(name, 'cpuMs').toFixed(0)} ms of CPU`
    console.log(
      `${name.padEnd(24)} ${seconds.toFixed(3)} s  ${rate} MB/s  ${ratio.toFixed(2)} × nginx  ${cpu}`,
    )
  }
  await memoryOf(`up, ${AT_ONCE} at once`, (index) =>
    curl('-X', 'POST', '-T', source, `${root}/files?name=m${index}`),
  )
  await memoryOf(`down, ${AT_ONCE} at once`, () => curl(`${root}/files/download?name=parts`))
  await memoryOf(`down, ${AT_ONCE} slow readers`, () =>
    curl('--limit-rate', '30M', `${root}/files/download?name=parts`),
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}

interface Run {
  readonly seconds: number
  /** Of both servers, one of which does nothing. */
  readonly cpuMs: number
}

async function timeTasks(): Promise<Map<string, Run[]>> {
  const runs = new Map<string, Run[]>()
  const pids = [ours.pid, nginx.pid]
  for (let round = 0; round <= Number(values.rounds); round += 1)
    for (const [name, task] of Object.entries(tasks)) {
      const [startedAt, cpu] = [performance.now(), treeCpuMicros(pids)]
      await task()
      const seconds = (performance.now() - startedAt) / 1_000
      const run = { seconds, cpuMs: (treeCpuMicros(pids) - cpu) / 1_000 }
      // The first round warms up.
      if (round > 0) runs.set(name, [...(runs.get(name) ?? []), run])
    }
  return runs
}

async function memoryOf(name: string, task: (index: number) => Promise<void>): Promise<void> {
  Bun.gc(true)
  const idleMb = treeRssMb([ours.pid])
  const cpu = treeCpuMicros([ours.pid])
  let peakMb = idleMb
  const timer = setInterval(() => (peakMb = Math.max(peakMb, treeRssMb([ours.pid]))), 10)
  await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => task(index)))
  clearInterval(timer)
  const cpuMs = (treeCpuMicros([ours.pid]) - cpu) / 1_000
  console.log(
    `${name.padEnd(24)} ${(peakMb - idleMb).toFixed(0)} MB above ${idleMb.toFixed(0)}, ${cpuMs.toFixed(0)} ms of CPU`,
  )
}

async function uploadParts(name: string): Promise<void> {
  const begun = await fetch(`${root}/uploads?name=${name}`, { method: 'POST' })
  const { upload_id: id } = (await begun.json()) as { upload_id: string }
  const file = Bun.file(source)
  for (let at = 0, part = 1; at < bytes; at += PART_BYTES, part += 1)
    await fetch(`${root}/uploads/${id}/parts?name=${name}&part=${part}`, {
      method: 'POST',
      body: file.slice(at, Math.min(at + PART_BYTES, bytes)),
    })
  await fetch(`${root}/uploads/${id}?name=${name}`, { method: 'PATCH' })
}

async function curl(...parameters: string[]): Promise<void> {
  const child = Bun.spawn(['curl', '-sf', '-H', 'Expect:', '-o', '/dev/null', ...parameters], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if ((await child.exited) !== 0) throw new Error(`curl ${parameters.join(' ')} failed`)
}

function noise(length: number): Uint8Array {
  const whole = new Uint8Array(length)
  for (let at = 0; at < length; at += 65_536)
    crypto.getRandomValues(whole.subarray(at, Math.min(at + 65_536, length)))
  return whole
}
