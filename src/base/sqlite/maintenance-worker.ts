/** The thread of `Maintenance`. */
import type { Database } from 'bun:sqlite'
import { connect } from './connection.ts'
import type { Reply, Statement, Task } from './maintenance-task.ts'

const self = globalThis as unknown as Worker

self.addEventListener('message', ({ data }: MessageEvent<Task>) => {
  self.postMessage(replyTo(data), [])
})

function replyTo({ id, file, statements }: Task): Reply {
  try {
    const database = connect(file)
    try {
      return { id, rows: runAll(database, statements) }
    } finally {
      database.close()
    }
  } catch (error) {
    const { message, code } = error as { message: string; code?: unknown }
    return { id, error: { message, code: String(code) } }
  }
}

/** The rows of the last one. */
function runAll(database: Database, statements: readonly Statement[]): unknown[] {
  let rows: unknown[] = []
  for (const { text, values = [] } of statements) {
    const compiled = database.prepare(text)
    rows = compiled.values(...values)
    compiled.finalize()
  }
  return rows
}
