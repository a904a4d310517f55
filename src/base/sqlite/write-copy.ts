import { canonicalText } from '../items/canonical-text.ts'
import type { StoredItem } from '../items/item.ts'
import { connect } from './connection.ts'
import { FILE, createFile } from './open-file.ts'
import { syncFile } from '../../kernel/durable.ts'
import { join } from 'node:path'

interface BasedItem extends StoredItem {
  readonly base: string
}

/** Makes the file of a collection from the documents that `next` gives, in order, until it gives none. */
export async function writeCopy(
  folder: string,
  next: (after: { base: string; key: string } | null) => Promise<readonly BasedItem[]>,
): Promise<void> {
  await createFile(folder)
  const database = connect(join(folder, FILE))
  try {
    const put = database.prepare(
      'insert into documents (base, key, value, expires) values (?, ?, jsonb(?), ?)',
    )
    const putAll = database.transaction((items: readonly BasedItem[]) => {
      for (const { base, key, text, expires } of items) put.run(base, key, canonicalText(text), expires)
    })
    for (let items = await next(null); items.length > 0; items = await next(items.at(-1)!)) putAll(items)
    put.finalize()
    database.run('pragma wal_checkpoint(truncate)')
  } finally {
    database.close()
  }
  await syncFile(join(folder, FILE))
}
