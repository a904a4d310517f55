import type { Database } from 'bun:sqlite'

/** "OWNB": a file without it is not ours. */
export const APPLICATION_ID = 0x4f574e42

/** Step n leads from version n to n + 1; each is one transaction. */
export const STEPS: readonly string[] = [
  `create table documents (
     base text not null,
     key text not null,
     value blob not null,
     expires real,
     primary key (base, key)
   ) strict, without rowid;
   create index documents_expires on documents (expires) where expires is not null;
   create table field_indexes (
     id integer primary key,
     base text not null,
     kind text not null,
     path text not null,
     asked integer not null,
     used_at integer not null,
     is_made integer not null,
     unique (base, kind, path)
   ) strict`,
]

export function versionOf(database: Database): { application: number; version: number } {
  const pragma = (name: string) => Number((database.query(`pragma ${name}`).values()[0] as [number])[0])
  return { application: pragma('application_id'), version: pragma('user_version') }
}

/** Throws with the error of SQLite; the version then is what it was. */
export function migrate(database: Database, steps: readonly string[] = STEPS): void {
  for (let { version } = versionOf(database); version < steps.length; version += 1)
    database
      .transaction(() => {
        database.run(steps[version]!)
        database.run(`pragma user_version = ${version + 1}`)
        database.run(`pragma application_id = ${APPLICATION_ID}`)
      })
      .immediate()
}
