/**
 * Directory sync: rows and gateways change together. Owns the only way to change what gateways decide from: a
 * function that ends or grants a right takes a `Commit`, and only `DirectorySync.commit` makes one, so a transaction
 * that is not published cannot be written. Knows no table: the instances module describes an entry. Never decides
 * anything. Start reading at directory-sync.ts.
 */
export type { Commit } from './commit.ts'
export { DirectorySync, type DescribeInstance } from './directory-sync.ts'
