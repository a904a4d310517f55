import type { ToGateway } from '../protocol.ts'
import { DirectoryState } from '../index/directory-state.ts'
import type { DirectoryChange } from '../types.ts'

type Message<T extends ToGateway['t']> = Extract<ToGateway, { t: T }>

/** The copy itself: its state, and how messages change it. */
export class ReplicaCopy {
  /** The state that requests are decided from. */
  state = new DirectoryState()
  readonly #onShrunk: (instanceId: string | null) => void
  /** The state that is being loaded while the old one is used. */
  #loading: { readonly epoch: string; readonly state: DirectoryState } | null = null
  #epoch: string | null = null
  #version = 0

  constructor(onShrunk: (instanceId: string | null) => void) {
    this.#onShrunk = onShrunk
  }

  /** The run of the platform that the state is a copy of, and its version. */
  get position(): { readonly epoch: string | null; readonly version: number } {
    return { epoch: this.#epoch, version: this.#version }
  }

  welcome({ epoch, mode }: Message<'welcome'>): void {
    this.#loading = mode === 'snapshot' ? { epoch, state: new DirectoryState() } : null
  }

  load({ changes }: Message<'load'>): void {
    for (const change of changes) this.#loading?.state.apply(change)
  }

  /** Also applied to the state in use while loading: a revoked right must end at once. */
  delta({ version, changes }: Message<'delta'>): void {
    this.load({ t: 'load', changes })
    this.#announce(changes)
    if (this.#loading === null) this.#version = version
  }

  loaded({ version }: Message<'loaded'>): void {
    this.#version = version
    if (this.#loading === null) return
    this.state = this.#loading.state
    this.#epoch = this.#loading.epoch
    this.#loading = null
    this.#onShrunk(null)
  }

  #announce(changes: readonly DirectoryChange[]): void {
    const shrunk = new Set(changes.map((change) => this.state.apply(change)))
    for (const instanceId of shrunk) if (instanceId !== null) this.#onShrunk(instanceId)
  }
}
