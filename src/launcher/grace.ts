import type { ServerLimits } from '../config/index.ts'

/** How long the supervisor waits for a child that ends, in milliseconds. */
export interface ChildGrace {
  readonly stopMs: number
  readonly retireMs: number
}

const MARGIN_MS = 10_000

/** Longer than a gateway or the platform takes by itself, whatever those times were set to. */
export function childGrace({ gateway, micros }: Pick<ServerLimits, 'gateway' | 'micros'>): ChildGrace {
  const { drainMs = 0, retireMs = 0 } = gateway
  const { stopGraceMs = 0 } = micros
  return {
    stopMs: Math.max(15_000, drainMs + MARGIN_MS, stopGraceMs + MARGIN_MS),
    retireMs: Math.max(75_000, retireMs + MARGIN_MS),
  }
}
