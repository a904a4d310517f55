/**
 * The memory that a large body uses in the gateway, in both directions and framings. The gateway streams, so the size of
 * the body must make no difference.
 *
 *     bun bench/large-bodies.ts [--mb=1024]
 */
import { parseArgs } from 'node:util'
import { startLargeBodyStage } from './support/large-bodies.ts'

const { values } = parseArgs({ options: { mb: { type: 'string', default: '1024' } } })
const bytes = Number(values.mb) * 1_048_576

using stage = await startLargeBodyStage()
console.log(`${values.mb} MB each; MB of RAM in the gateway\n`)
for (const direction of ['down', 'up'] as const)
  for (const framing of ['length', 'chunked'] as const) {
    const startedAt = performance.now()
    const { beforeMb, peakMb, isExact } = await stage.carry({ direction, framing, bytes })
    const seconds = (performance.now() - startedAt) / 1_000
    const rate = Math.round(Number(values.mb) / seconds)
    console.log(
      `${direction.padEnd(4)} ${framing.padEnd(7)} before ${beforeMb.toFixed(0)}, peak ${peakMb.toFixed(0)}, ${rate} MB/s${isExact ? '' : ', NOT WHOLE'}`,
    )
    if (!isExact) process.exitCode = 1
  }
