import { Database } from 'bun:sqlite'
import type { CopyRequest } from './copy.ts'

declare const self: Worker

self.addEventListener('message', ({ data: { path, target } }: MessageEvent<CopyRequest>) => {
  try {
    using database = new Database(path, { readwrite: true, create: false })
    database.run('pragma busy_timeout = 5000')
    database.run('vacuum into ?', [target])
    self.postMessage(null)
  } catch (error) {
    self.postMessage((error as Error).message)
  }
})
