import { type ExposureTables, exposureMigrations } from '../exposure/index.ts'
import { collectionsMigrations } from '../collections/index.ts'
import { instancesMigrations } from '../instances/index.ts'
import { type KeysTables, keysMigrations } from '../keys/index.ts'
import { peopleMigrations } from '../people/index.ts'
import { projectsMigrations } from '../projects/index.ts'
import { type SessionsTables, sessionsMigrations } from '../sessions/index.ts'
import type { StorageTables } from '../storage/index.ts'

/** The rows of all subjects. */
export type ServerTables = StorageTables & SessionsTables & KeysTables & ExposureTables

/** What makes their tables. A subject stands after those whose tables it refers to. */
export const serverMigrations = [
  ...peopleMigrations,
  ...sessionsMigrations,
  ...projectsMigrations,
  ...collectionsMigrations,
  ...instancesMigrations,
  ...keysMigrations,
  ...exposureMigrations,
]
