import type { Scope } from './scope.ts'

/** Drives that have files, in byte order; one look-up each, however many files there are. */
export async function listDrives({ db, collection }: Scope): Promise<Uint8Array[]> {
  const drives: Uint8Array[] = []
  for (;;) {
    const last = drives.at(-1)
    const next = await db
      .selectFrom('drive_files')
      .select('drive')
      .where('collection', '=', collection)
      .$if(last !== undefined, (query) => query.where('drive', '>', last!))
      .orderBy('drive')
      .limit(1)
      .executeTakeFirst()
    if (!next) return drives
    drives.push(next.drive)
  }
}
