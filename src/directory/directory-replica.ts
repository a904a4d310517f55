import type { CredentialBook, Grant, KeyGrant, SessionGrant } from '../access/index.ts'
import type { Logger } from '../log.ts'
import type { Location, UseCount, WakeResult } from './types.ts'

export interface ReplicaOptions {
  readonly log?: Logger
}

/** The gateway's side: a copy of the directory that knows whether it may still be decided from. */
export class DirectoryReplica implements CredentialBook, AsyncDisposable {
  /** Resolves with the first complete snapshot. */
  readonly ready: Promise<void> = new Promise(() => {})

  constructor(options: ReplicaOptions = {}) {
    void options
  }

  /** Connects and stays connected, again and again, until closed. */
  connect(socketPath: string): void {
    throw new Error(`not yet: ${socketPath}`)
  }

  /** `host`: the `Host` value as received. `path`: a canonical path, as received. */
  locate(host: string, path: string): Location {
    throw new Error(`not yet: ${host} ${path}`)
  }

  findKey(token: string): KeyGrant | null {
    throw new Error(`not yet: ${token}`)
  }

  findSession(token: string, instanceId: string): SessionGrant | null {
    throw new Error(`not yet: ${token} ${instanceId}`)
  }

  isInternalKey(token: string, instanceId: string): boolean {
    throw new Error(`not yet: ${token} ${instanceId}`)
  }

  /** Asks the platform for a micro; calls for the same one share the answer. Never rejects. */
  wake(instanceId: string, micro: string): Promise<WakeResult> {
    throw new Error(`not yet: ${instanceId} ${micro}`)
  }

  /**
   * Called when rights on an instance (null: on any) may have shrunk: ask `holds` for each open stream and close
   * those that lost theirs. Returns the way to stop listening.
   */
  onRevoked(listener: (instanceId: string | null) => void): () => void {
    void listener
    return () => {}
  }

  /** Whether what let a stream in would let it in now. */
  holds(grant: Grant, nowMs: number): boolean {
    throw new Error(`not yet: ${grant.instanceId} ${nowMs}`)
  }

  /** Counts one use; cheap, bounded, flushed now and then. */
  noteUse(use: Pick<UseCount, 'kind' | 'instanceId' | 'id'>): void {
    void use
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
