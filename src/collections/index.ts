/**
 * Collections: the data of apps, and data that belongs to no app, as the platform knows it. Owns the rows of collections
 * and of the data keys that open them, and decides when a collection's files are erased. Never opens a file of a
 * collection: that is done by the process behind `CollectionFiles`. Start reading at collections.ts.
 */
export { completeDataKeys, readAppDataKey, rotateAppDataKey } from './app-data-key.ts'
export type { CollectionCall, CollectionCalls } from './collection-calls.ts'
export type { CollectionFiles, CollectionNames } from './collection-files.ts'
export { type CollectionCopy, CollectionService, type ThrowawayCollection } from './collection-service.ts'
export {
  type Collection,
  createCollection,
  ensureAppCollection,
  findAppCollection,
  listCollections,
  releaseCollection,
  renameCollection,
  requireCollection,
} from './collections.ts'
export { type DataForStrangers, type DataKey, type DataKeyLimits, dataKeyEntry } from './data-key.ts'
export { createDataKey, deleteDataKey, listAllDataKeys, listDataKeys, requireDataKey } from './data-keys.ts'
export { getDataForStrangers, setDataForStrangers } from './stranger-limits.ts'
export { noteDataKeyUses } from './data-key-uses.ts'
export { listCollectionIds, listFolderNames } from './erasures.ts'
export { createLocalCollectionFiles } from './local-collection-files.ts'
export { collectionsMigrations } from './migrations/index.ts'
export type { CollectionsTables } from './schema.ts'
