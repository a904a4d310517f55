/** The thread of `copySqlite`. It ends when the copy is there; what it throws reaches its parent. */
import { Database } from 'bun:sqlite'
import { workerData } from 'node:worker_threads'
import type { CopyRequest } from './copy.ts'

const { path, target } = workerData as CopyRequest
using database = new Database(path, { readwrite: true, create: false })
database.run('pragma busy_timeout = 5000')
database.run('vacuum into ?', [target])
