import type { SQL } from 'bun'
import { type DataTypeNode, type Driver, PostgresQueryCompiler } from 'kysely'
import { PostgresJSDialect } from 'kysely-postgres-js'
import { SerialDriver } from './transaction.ts'

/** Kysely's PostgreSQL dialect over Bun.SQL, with the promises of the SQLite one: one writer, 64-bit integers. */
export class BunPostgresDialect extends PostgresJSDialect {
  constructor(client: SQL) {
    super({ postgres: client })
  }

  override createDriver(): Driver {
    return new SerialDriver(super.createDriver())
  }

  override createQueryCompiler(): PostgresQueryCompiler {
    return new NeutralTypes()
  }
}

/** `integer` is 64 bits on SQLite and 32 here, where no time in milliseconds would fit; bytes have another name. */
class NeutralTypes extends PostgresQueryCompiler {
  protected override visitDataType(node: DataTypeNode): void {
    if (node.dataType === 'integer') this.append('bigint')
    else if (node.dataType === 'blob') this.append('bytea')
    else super.visitDataType(node)
  }
}
