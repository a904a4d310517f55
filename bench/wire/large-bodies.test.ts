import { expect, test } from 'bun:test'
import { startLargeBodyStage } from '../support/large-bodies.ts'

const MB = 1_048_576
/** `bench/large-bodies.ts` is the long form. */
const BODY_BYTES = 128 * MB
/** Far less than a buffered body, far more than uncollected garbage. */
const GROWTH_MB = 64

test('large bodies arrive octet for octet in both directions, and the gateway’s memory does not grow with them', async () => {
  using stage = await startLargeBodyStage()
  for (const direction of ['down', 'up'] as const)
    for (const framing of ['length', 'chunked'] as const) {
      await stage.carry({ direction, framing, bytes: 16 * MB })
      const { beforeMb, peakMb, isExact } = await stage.carry({ direction, framing, bytes: BODY_BYTES })
      const isFlat = peakMb - beforeMb < GROWTH_MB
      expect({ direction, framing, isExact, isFlat }).toEqual({
        direction,
        framing,
        isExact: true,
        isFlat: true,
      })
    }
}, 120_000)
