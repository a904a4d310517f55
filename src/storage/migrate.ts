import { type Kysely, sql } from 'kysely'
import { ConfigError } from '../config/index.ts'

/**
 * One step of the schema. `name` is `<date>-<room>-<what>`: steps run in the order of their names, so that a room may
 * refer to the tables an earlier step of another room made. A step that was released is never changed.
 */
export interface Migration {
  readonly name: string
  // eslint-disable-next-line typescript/no-explicit-any -- a step sees the schema of its day, not today's types
  readonly up: (db: Kysely<any>) => Promise<void>
}

interface MigrationTables {
  schema_migrations: { name: string }
}

/** Runs the steps that are missing, all in one transaction: a failed upgrade leaves the database as it was. */
export async function migrate<Tables>(db: Kysely<Tables>, migrations: readonly Migration[]): Promise<void> {
  const steps = migrations.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  refuseDoubles(steps)
  await db.transaction().execute(async (outer) => {
    const trx = outer as unknown as Kysely<MigrationTables>
    await sql`create table if not exists schema_migrations (name text primary key) strict`.execute(trx)
    const done = new Set(
      (await trx.selectFrom('schema_migrations').select('name').execute()).map((row) => row.name),
    )
    refuseNewer(done, steps)
    for (const step of steps.filter(({ name }) => !done.has(name))) {
      await step.up(trx)
      await trx.insertInto('schema_migrations').values({ name: step.name }).execute()
    }
  })
}

function refuseDoubles(steps: readonly Migration[]): void {
  const double = steps.find((step, index) => steps[index + 1]?.name === step.name)
  if (double) throw new Error(`two migrations are named ${double.name}`)
}

/** Code that does not know a step would write rows that the newer code cannot trust. */
function refuseNewer(done: ReadonlySet<string>, steps: readonly Migration[]): void {
  const known = new Set(steps.map((step) => step.name))
  const unknown = [...done].filter((name) => !known.has(name))
  if (unknown.length > 0)
    throw new ConfigError(
      `The database was written by a newer version of Ownspace (it has ${unknown.join(', ')}). Start that version, or restore a copy from before the update.`,
    )
}
