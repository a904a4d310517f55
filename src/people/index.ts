/**
 * People: who has an account on this server. Owns users, their names and password hashes, and the one-time set-up of
 * the owner. Never knows sessions or HTTP. Start reading at users.ts.
 */
export { peopleMigrations } from './migrations/index.ts'
export type { PeopleTables } from './schema.ts'
export {
  createOwner,
  createUser,
  deleteUserRow,
  getUser,
  getUserByPassword,
  hashNewPassword,
  hasSeveralPeople,
  isServerOwner,
  isSetUp,
  storePasswordHash,
  type User,
} from './users.ts'
