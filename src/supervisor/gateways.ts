import type { Child } from './child.ts'

export interface Gateways {
  /** Replaces every gateway, one after the other: the new one listens before the old one stops. */
  reload(): Promise<void>
  stop(): Promise<void>
}

/** Starts `count` gateways that share the port; resolves when all of them listen, rejects when one cannot. */
export async function startGateways(count: number, start: () => Child): Promise<Gateways> {
  const gateways = Array.from({ length: count }, start)
  const all = (work: (gateway: Child) => Promise<unknown>) => Promise.all(gateways.map(work))
  try {
    await all((gateway) => gateway.ready)
  } catch (error) {
    await all((gateway) => gateway.stop())
    throw error
  }
  return {
    async reload() {
      for (const [index, old] of gateways.entries()) {
        const fresh = start()
        await fresh.ready
        gateways[index] = fresh
        await old.stop()
      }
    },
    stop: async () => void (await all((gateway) => gateway.stop())),
  }
}
