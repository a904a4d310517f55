/**
 * Files of static micros. Owns how a URL names a file, what is said about the file (type, validators, caching) and
 * which part of it is sent; keeps hot small files in memory. Never decides who may see one, never lists a folder,
 * never reads outside the micro's root, and never writes.
 */
export { createFileCache } from './file-cache.ts'
export type { FileCache } from './file-cache.ts'
export { serveStatic } from './serve-static.ts'
export type { StaticOptions } from './serve-static.ts'
