/**
 * Zip archives of any size, written and read as streams (zip64). Owns the format and the checks of sizes and checksums.
 * Never decides what a name means: callers check names before one becomes a path. Start reading at write-zip.ts.
 */
export { type Bytes, collectText, toStream } from './streams.ts'
export { type ReadEntry, type ZipReader, ZipDamaged, openZip, readZip } from './read-zip.ts'
export { FILE_MODE, type WriteEntry, writeZip } from './write-zip.ts'
