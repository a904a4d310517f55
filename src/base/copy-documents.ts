import { createHash } from 'node:crypto'
import type { Documents, DocumentStore, FoundItem } from './documents.ts'
import { canonicalText } from './items/canonical-text.ts'
import { expiryOf } from './items/check-value.ts'
import type { JsonObject } from './items/json.ts'
import type { StoredItem } from './items/item.ts'

const STEP_ITEMS = 100
const ALL = { range: {}, alternatives: [] } as const
/** An item that expires while it is copied is missing in one of both places, rightly. */
const SOON_SECONDS = 24 * 3_600

/** Copies all items to another store, which has none of them, and compares. Throws when they differ. */
export async function copyDocuments(
  from: DocumentStore,
  to: DocumentStore,
  collectionId: string,
): Promise<{ items: number }> {
  const until = Date.now() / 1_000 + SOON_SECONDS
  const source = new ItemDigest(until)
  await from.read(collectionId, async (documents) => {
    for await (const { base, items } of allItems(documents)) {
      source.add(base, items)
      await to.write(collectionId, (target) => target.put(base, items))
    }
  })
  const copy = new ItemDigest(until)
  await to.read(collectionId, async (documents) => {
    for await (const { base, items } of allItems(documents)) copy.add(base, items)
  })
  if (source.items !== copy.items || source.hex() !== copy.hex())
    throw new Error(`the copy differs: ${source.items} items before, ${copy.items} after`)
  return { items: source.items }
}

async function* allItems(
  documents: Documents | null,
): AsyncGenerator<{ base: string; items: readonly StoredItem[] }> {
  for (const base of (await documents?.names()) ?? []) {
    const finder = documents!.find({ base, query: ALL, isDescending: false, after: null })
    for (let isEnd = false; !isEnd;) {
      const step = await finder.next(STEP_ITEMS)
      if (step.items.length > 0) yield { base, items: step.items.map(storedItemOf) }
      isEnd = step.isEnd
    }
  }
}

function storedItemOf({ key, text }: FoundItem): StoredItem {
  return { key, text: canonicalText(text), expires: expiryOf(JSON.parse(text) as JsonObject) }
}

class ItemDigest {
  readonly #until: number
  readonly #hash = createHash('sha256')
  items = 0

  /** Leaves out what expires before `until`, Unix seconds. */
  constructor(until: number) {
    this.#until = until
  }

  add(base: string, items: readonly StoredItem[]): void {
    for (const { key, text, expires } of items) {
      if (expires !== null && expires < this.#until) continue
      this.items += 1
      this.#hash.update(JSON.stringify([base, key, sortedText(text)]))
    }
  }

  hex(): string {
    return this.#hash.copy().digest('hex')
  }
}

/** The members of an item have an order, which not every store keeps. */
function sortedText(text: string): string {
  const item = JSON.parse(text) as JsonObject
  return JSON.stringify(
    Object.keys(item)
      .toSorted()
      .map((name) => [name, item[name]]),
  )
}
