/**
 * Files of static micros. Owns how a URL names a file, the headers of the file (type, validators, caching) and which
 * part of it is sent; caches small files in memory. Never decides who may read a file, never lists a folder, never
 * reads outside the micro's root, and never writes. Start at `serve-static.ts`.
 */
export { judgeConditions } from './conditions.ts'
export { createFileCache } from './file-cache.ts'
export type { FileCache } from './file-cache.ts'
export { serveStatic } from './serve-static.ts'
export type { StaticOptions } from './serve-static.ts'
