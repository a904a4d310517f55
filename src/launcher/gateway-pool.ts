import type { Child } from './child.ts'

/** The gateways of a server. */
export interface GatewayPool {
  /** Resolves when all of them listen; rejects when one cannot, or when `stop` came first. */
  start(): Promise<void>
  /**
   * Replaces every gateway, one after the other: the new one listens before the old one stops. Resolves when all have
   * been replaced, while the old ones may still drain. Rejects when a new one cannot start: the others then stay.
   */
  reload(): Promise<void>
  /** Ends all gateways, including those that are starting. */
  stop(): Promise<void>
}

/** `count` gateways that share the port, each made by `launch`. */
export function createGatewayPool(count: number, launch: () => Child): GatewayPool {
  const running = new Set<Child>()
  const retiring = new Set<Child>()
  let isStopping = false
  let reloads = Promise.resolve()

  const begin = async () => {
    if (isStopping) throw new Error('the server is stopping')
    const gateway = launch()
    running.add(gateway)
    await gateway.ready.catch((error: unknown) => {
      running.delete(gateway)
      throw error
    })
  }
  const end = async (gateway: Child) => {
    await gateway.stop()
    running.delete(gateway)
  }
  const retire = (gateway: Child) => {
    running.delete(gateway)
    retiring.add(gateway)
    void gateway.retire().then(() => retiring.delete(gateway))
  }
  const replaceAll = async () => {
    const before = [...running]
    for (const old of before) {
      await begin()
      retire(old)
    }
  }
  return {
    start: async () => void (await Promise.all(Array.from({ length: count }, begin))),
    // One reload at a time: two would replace the same gateway, and the first replacement would never be ended.
    reload: () => (reloads = reloads.catch(() => {}).then(replaceAll)),
    async stop() {
      isStopping = true
      await Promise.all([...running, ...retiring].map(end))
    },
  }
}
