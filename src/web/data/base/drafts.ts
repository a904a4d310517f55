import type { Item } from './value.ts'

/** An item as it will be, and as it was when it was first changed: only the difference is saved. */
export interface Change {
  readonly item: Item
  readonly stored: Item
}

/** Changes that are not saved yet. */
export interface Drafts {
  /** By key. */
  readonly changed: ReadonlyMap<string, Change>
  /** Newest last; an item without a key gets a random one. */
  readonly added: readonly Item[]
  /** States before each change, newest last. */
  readonly past: readonly Pick<Drafts, 'changed' | 'added'>[]
}

export type DraftAction =
  | { readonly do: 'change'; readonly key: string; readonly item: Item; readonly stored: Item }
  | { readonly do: 'add'; readonly items: readonly Item[] }
  | { readonly do: 'changeAdded'; readonly at: number; readonly item: Item }
  | { readonly do: 'removeAdded'; readonly at: number }
  | { readonly do: 'undo' }
  /** Only what failed stays, and can no longer be undone. */
  | { readonly do: 'keep'; readonly changed: ReadonlyMap<string, Change>; readonly added: readonly Item[] }

export const NO_DRAFTS: Drafts = { changed: new Map(), added: [], past: [] }

export const countDrafts = ({ changed, added }: Drafts): number => changed.size + added.length

export function draftsReducer(drafts: Drafts, action: DraftAction): Drafts {
  const { changed, added, past } = drafts
  const next = (now: Partial<Drafts>): Drafts => ({
    changed,
    added,
    ...now,
    past: [...past, { changed, added }],
  })
  switch (action.do) {
    case 'change':
      return next({ changed: withChange(changed, action) })
    case 'add':
      return next({ added: [...added, ...action.items] })
    case 'changeAdded':
      return next({ added: added.with(action.at, action.item) })
    case 'removeAdded':
      return next({ added: added.toSpliced(action.at, 1) })
    case 'undo':
      return past.length === 0 ? drafts : { ...past.at(-1)!, past: past.slice(0, -1) }
    case 'keep':
      return { changed: action.changed, added: action.added, past: [] }
  }
}

/** An item that is as stored again is no change. */
function withChange(
  changed: Drafts['changed'],
  { key, item, stored }: Extract<DraftAction, { do: 'change' }>,
): Drafts['changed'] {
  const first = changed.get(key)?.stored ?? stored
  const { set, removed } = changesOf({ stored: first, item })
  const next = new Map(changed)
  if (Object.keys(set).length + removed.length === 0) next.delete(key)
  else next.set(key, { item, stored: first })
  return next
}

/** The fields in which two versions of an item differ. */
export function changesOf({ stored, item }: Change): { readonly set: Item; readonly removed: string[] } {
  const isSame = (name: string) =>
    Object.hasOwn(stored, name) && JSON.stringify(stored[name]) === JSON.stringify(item[name])
  return {
    set: Object.fromEntries(Object.entries(item).filter(([name]) => !isSame(name))),
    removed: Object.keys(stored).filter((name) => !Object.hasOwn(item, name)),
  }
}
