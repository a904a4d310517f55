import type { ServerLimits } from '../config/index.ts'

/** How long the supervisor waits for a child that ends, in milliseconds. */
export interface ChildGrace {
  readonly stopMs: number
  readonly retireMs: number
}

const MARGIN_MS = 10_000

/** Longer than each of them takes by itself, whatever those times were set to. */
export function childGrace({
  gateway,
  micros,
  data,
}: Pick<ServerLimits, 'gateway' | 'micros' | 'data'>): ChildGrace {
  const { drainMs = 0, retireMs = 0 } = gateway
  const { stopGraceMs = 0 } = micros
  const dataMs = data.drainMs ?? 0
  return {
    stopMs: Math.max(15_000, drainMs + MARGIN_MS, stopGraceMs + MARGIN_MS, dataMs + MARGIN_MS),
    retireMs: Math.max(75_000, retireMs + MARGIN_MS),
  }
}
