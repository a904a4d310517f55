import type { ToGateway } from '../protocol.ts'
import { DirectoryState } from '../index/directory-state.ts'
import type { DirectoryChange } from '../types.ts'

type Message<T extends ToGateway['t']> = Extract<ToGateway, { t: T }>

/** The copy itself: which state it is, and how messages make it another. */
export class ReplicaCopy {
  /** What is decided from. */
  state = new DirectoryState()
  readonly #onShrunk: (instanceId: string | null) => void
  /** Being loaded while the old state serves. */
  #loading: { readonly epoch: string; readonly state: DirectoryState } | null = null
  #epoch: string | null = null
  #version = 0

  constructor(onShrunk: (instanceId: string | null) => void) {
    this.#onShrunk = onShrunk
  }

  /** Which run of the platform the state is a copy of, and how far. */
  get position(): { readonly epoch: string | null; readonly version: number } {
    return { epoch: this.#epoch, version: this.#version }
  }

  welcome({ epoch, mode }: Message<'welcome'>): void {
    this.#loading = mode === 'snapshot' ? { epoch, state: new DirectoryState() } : null
  }

  load({ changes }: Message<'load'>): void {
    for (const change of changes) this.#loading?.state.apply(change)
  }

  /** Also while loading: what is taken away has to be gone from the state that serves, at once. */
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
