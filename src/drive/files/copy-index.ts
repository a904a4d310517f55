import { type Database, openDatabase, transaction } from '../../storage/index.ts'
import { driveMigrations } from './migrations/index.ts'
import type { DriveTables } from './schema.ts'
import type { Scope } from './scope.ts'

const PAGE = 500

/** Copies the rows of a collection from a shared database into a new SQLite file. Other writers wait. */
export async function copyRows(scope: Scope, path: string): Promise<void> {
  await using target = await openDatabase<DriveTables>(path, driveMigrations, { isChecked: false })
  await transaction(scope.db, (db) =>
    transaction(target, (to) => copyTables({ db, collection: scope.collection }, to)),
  )
}

async function copyTables({ db, collection }: Scope, to: Database<DriveTables>): Promise<void> {
  const files = await db.selectFrom('drive_files').selectAll().where('collection', '=', collection).execute()
  const uploads = await db
    .selectFrom('drive_uploads')
    .selectAll()
    .where('collection', '=', collection)
    .execute()
  const usage = await db.selectFrom('drive_usage').selectAll().where('collection', '=', collection).execute()
  for (const page of pagesOf(files)) await to.insertInto('drive_files').values(page.map(asOwn)).execute()
  for (const page of pagesOf(uploads)) await to.insertInto('drive_uploads').values(page.map(asOwn)).execute()
  for (const page of pagesOf(usage)) await to.insertInto('drive_usage').values(page.map(asOwn)).execute()
  const contents = [...files.map(({ content }) => content), ...uploads.map(({ id }) => id)]
  for (const page of pagesOf(contents)) {
    const parts = await db.selectFrom('drive_parts').selectAll().where('content', 'in', page).execute()
    for (const rows of pagesOf(parts)) await to.insertInto('drive_parts').values(rows).execute()
  }
}

const asOwn = <Row extends { collection: string }>(row: Row): Row => ({ ...row, collection: '' })

function* pagesOf<Row>(rows: readonly Row[]): Generator<Row[]> {
  for (let at = 0; at < rows.length; at += PAGE) yield rows.slice(at, at + PAGE)
}

/** Blobs of all files and uploads in an index file, in pages. */
export async function* blobsInIndex(path: string): AsyncGenerator<string[]> {
  await using db = await openDatabase<DriveTables>(path, driveMigrations, { isChecked: false })
  for (let last = ''; ;) {
    const page = await db
      .selectFrom('drive_parts')
      .select('blob')
      .where('blob', '>', last)
      .orderBy('blob')
      .limit(PAGE)
      .execute()
    if (page.length === 0) return
    yield page.map(({ blob }) => blob)
    last = page.at(-1)!.blob
  }
}
