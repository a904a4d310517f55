import type { Logger } from '../log.ts'
import type { DirectoryChange, UseCount, WakeResult } from './types.ts'

export interface PublisherOptions {
  /** How many gateways belong to this platform; after a start, taking rights away waits for so many to be back. */
  readonly gateways?: number
  readonly log?: Logger
}

/** The platform's side: holds the whole directory and keeps every connected gateway equal to it. */
export class DirectoryPublisher implements AsyncDisposable {
  constructor(options: PublisherOptions = {}) {
    void options
  }

  /** Begins to serve gateways on a unix socket of mode 0600. Publish the state that is already there first. */
  listen(socketPath: string): Promise<void> {
    throw new Error(`not yet: ${socketPath}`)
  }

  /** Applies the changes, and resolves once they hold on every gateway. Never rejects for a gateway's sake. */
  publish(changes: readonly DirectoryChange[]): Promise<void> {
    throw new Error(`not yet: ${changes.length}`)
  }

  /** Called when a gateway needs a sleeping micro; a rejection reaches the gateway as `failed`. */
  onWake(handler: (instanceId: string, micro: string) => Promise<WakeResult>): void {
    void handler
  }

  onUse(handler: (counts: readonly UseCount[]) => void): void {
    void handler
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
