/** Both ends of a control socket, with one instance of two micros. For tests. */
import { connect } from 'node:net'
import type { ToGateway, ToPlatform } from '../protocol.ts'
import { DirectoryPublisher, DirectoryReplica, type DirectoryChange, type WakeResult } from '../index.ts'
import { JsonLines } from '../json-lines.ts'
import { instance, micro } from './entries.ts'

export const ONE: DirectoryChange = {
  op: 'instance.put',
  instance: instance('one', {
    micros: [micro('web', '/', { publicRoutes: ['/ping'] }), micro('api', '/api')],
  }),
}
export const READY: WakeResult = { kind: 'ready', address: { host: '127.0.0.1', port: 8080 } }

export async function publisherOn(
  path: string,
  changes: DirectoryChange[],
  gateways = 0,
): Promise<DirectoryPublisher> {
  const publisher = new DirectoryPublisher({ gateways })
  await publisher.publish(changes)
  await publisher.listen(path)
  return publisher
}

export async function replicaOn(path: string): Promise<DirectoryReplica> {
  const replica = new DirectoryReplica()
  replica.connect(path)
  await replica.ready
  return replica
}

/**
 * A gateway's end of the socket without a replica: keeps the messages it receives, and sends what the test gives it.
 */
export async function rawGateway(path: string) {
  const heard: ToGateway[] = []
  const listeners = new Set<() => void>()
  const { promise: closed, resolve: onClose } = Promise.withResolvers<void>()
  const socket = connect(path)
  const lines = new JsonLines<ToGateway, ToPlatform>(socket, {
    onMessage: (message) => {
      heard.push(message)
      for (const listener of listeners) listener()
    },
    onClose: () => onClose(),
  })
  await new Promise<void>((connected) => socket.once('connect', connected))
  const hears = (kind: ToGateway['t']) =>
    new Promise<ToGateway>((resolve) => {
      const look = () => {
        const found = heard.find(({ t }) => t === kind)
        if (found === undefined) return
        listeners.delete(look)
        resolve(found)
      }
      listeners.add(look)
      look()
    })
  return {
    heard,
    hears,
    closed,
    send: (message: ToPlatform) => lines.send(message),
    socket,
    [Symbol.dispose]: () => lines.destroy(),
  }
}
