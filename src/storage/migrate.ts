import type { Kysely } from 'kysely'
import { ConfigError } from '../config/index.ts'
import { createTable } from './dialect.ts'
import { transaction } from './transaction.ts'

/**
 * One step of the schema. `name` is `<date>-<module>-<what>`: steps run in the order of their names, so that a module
 * may refer to the tables an earlier step of another module made. A step that was released is never changed.
 */
export interface Migration {
  readonly name: string
  /**
   * The name under which databases know it, when that is not its own: a step of several modules at once, which was
   * divided among them. Its parts run together, in the order in which the modules are given.
   */
  readonly recordedAs?: string
  // eslint-disable-next-line typescript/no-explicit-any -- a step sees the schema of its day, not today's types
  readonly up: (db: Kysely<any>) => Promise<void>
}

interface MigrationTables {
  schema_migrations: { name: string }
}

/**
 * Runs the steps that are missing, all in one transaction: a failed upgrade leaves the database as it was, and of two
 * processes that start at once the second finds everything done.
 */
export async function migrate<Tables>(db: Kysely<Tables>, migrations: readonly Migration[]): Promise<void> {
  refuseDoubles(migrations)
  const steps = Map.groupBy(migrations, recordedName)
  await transaction(db as unknown as Kysely<MigrationTables>, async (trx) => {
    const done = await readDone(trx)
    refuseNewer(done, steps)
    for (const name of [...steps.keys()].sort()) {
      if (done.has(name)) continue
      for (const part of steps.get(name)!) await part.up(trx)
      await trx.insertInto('schema_migrations').values({ name }).execute()
    }
  })
}

const recordedName = ({ name, recordedAs }: Migration): string => recordedAs ?? name

async function readDone(trx: Kysely<MigrationTables>): Promise<ReadonlySet<string>> {
  await createTable(trx, 'schema_migrations')
    .ifNotExists()
    .addColumn('name', 'text', (c) => c.primaryKey())
    .execute()
  return new Set((await trx.selectFrom('schema_migrations').select('name').execute()).map(({ name }) => name))
}

function refuseDoubles(migrations: readonly Migration[]): void {
  const names = migrations.map(({ name }) => name)
  const double = names.find((name, index) => names.indexOf(name) !== index)
  if (double) throw new Error(`two migrations are named ${double}`)
}

/** Code that does not know a step would write rows that the newer code cannot trust. */
function refuseNewer(done: ReadonlySet<string>, steps: ReadonlyMap<string, unknown>): void {
  const unknown = [...done].filter((name) => !steps.has(name))
  if (unknown.length > 0)
    throw new ConfigError(
      `The database was written by a newer version of Ownspace (it has ${unknown.join(', ')}). Start that version, or restore a copy from before the update.`,
    )
}
