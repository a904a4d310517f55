/**
 * The index of a collection's drives. Names are stored as UTF-8 bytes: both databases order bytes alike, and take any.
 * Content lies in blobs and is listed part by part, so that the parts of an upload are never copied together.
 */
export interface DriveTables {
  drive_files: {
    /** Empty where the collection has a database of its own, so that its folder can be copied under another id. */
    collection: string
    drive: Uint8Array
    name: Uint8Array
    /** Of parts. A new one with each write, so it is the entity tag as well. */
    content: string
    size: number
    type: string
    modified_ms: number
  }
  drive_parts: {
    content: string
    part: number
    blob: string
    size: number
    sums: Uint8Array
  }
  /** Begun and not finished. The id is the content that its parts belong to. */
  drive_uploads: {
    id: string
    collection: string
    drive: Uint8Array
    name: Uint8Array
    type: string
    touched_ms: number
  }
  /** Blobs that no content names any more, until they are removed. */
  drive_trash: { blob: string; collection: string; content: string }
  drive_usage: { collection: string; files: number; bytes: number }
}
