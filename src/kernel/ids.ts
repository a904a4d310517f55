/**
 * Ids and secrets. Ids carry a prefix that names their kind and are safe to show; secrets are shown once and
 * kept only as a SHA-256 digest. Both come from the system's random source.
 */
import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'

declare const brand: unique symbol
export type Id<Prefix extends string> = string & { readonly [brand]: Prefix }

export type UserId = Id<'usr'>
export type SessionId = Id<'ses'>
export type AppId = Id<'app'>
export type BuildId = Id<'bld'>
export type ReleaseId = Id<'rel'>
export type InstallationId = Id<'ins'>
export type InstanceId = Id<'inst'>
export type KeyId = Id<'key'>
export type DomainId = Id<'dom'>
export type DataKeyId = Id<'dkey'>
/** Without a prefix, `[a-z0-9]+`: data keys begin with it (COMPAT 1.6), and it names a folder. */
export type CollectionId = Id<'collection'>

const LOWER_ALNUM = 'abcdefghijkmnpqrstuvwxyz23456789'
const BASE62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** `<prefix>_<16 characters>`, 80 bits: unguessable and without look-alike characters. */
export function newId<T extends Id<string>>(prefix: T extends Id<infer P> ? P : never): T {
  return `${prefix}_${randomText(16, LOWER_ALNUM)}` as T
}

export const newCollectionId = (): CollectionId => randomText(16, LOWER_ALNUM) as CollectionId

/** Random text of `length` characters, uniformly distributed. */
export function randomText(length: number, alphabet: string = BASE62): string {
  let text = ''
  for (let i = 0; i < length; i++) text += alphabet[randomInt(alphabet.length)]
  return text
}

/** A label of a host name: lower-case letters and digits without look-alikes. */
export const randomLabel = (length: number): string => randomText(length, LOWER_ALNUM)

/** 256 random bits as 43 characters of base64url. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** SHA-256 of a secret as base64url: stored and looked up instead of the secret. */
export const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')

/** Compares two strings in constant time; strings of different lengths are different. */
export function isSameSecret(a: string, b: string): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}
