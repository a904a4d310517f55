import { compileRules, type KeyRecord, type KeyScope, type RuleSet } from '../../../access/index.ts'
import { digestInto, MAX_TOKEN_LENGTH } from '../digest.ts'
import { hashOfText } from './id-hash.ts'
import { InstanceNumbers } from './instance-numbers.ts'
import { DIGEST_BYTES, HAS_EXTRA, KeyLog, type KeyRef } from './key-log.ts'
import { RefIndex } from './ref-index.ts'
import type { KeyEntry } from '../../types.ts'

type Limits = Pick<KeyEntry, 'micros' | 'methods' | 'paths' | 'expiresAtMs' | 'perMinute' | 'origins'>
interface Extra extends Limits {
  readonly scope: KeyScope | null
}

/**
 * All API keys, at most 64 bytes each as long as they have no limits and short names. Tokens are `<id without
 * prefix>_<secret>`: the id finds the record, the digest of the whole token proves it.
 */
export class KeyStore {
  readonly #log = new KeyLog()
  readonly #index = new RefIndex((ref) => this.#log.hashOf(ref))
  readonly #instances: InstanceNumbers
  /** By id; most keys have no limits. */
  readonly #extras = new Map<string, Extra>()
  /** Ids of the keys that pages may use, by instance: preflights name no key. */
  readonly #forPages = new Map<string, Set<string>>()
  #readers = 0
  /** Digest of the token that is looked up. One buffer for all look-ups, because a look-up is synchronous. */
  readonly #digest = new Uint8Array(32)

  constructor(instances = new InstanceNumbers()) {
    this.#instances = instances
  }

  get size(): number {
    return this.#index.size
  }

  /** Size of index and records; the limits of keys are not counted. */
  get byteLength(): number {
    return this.#index.byteLength + this.#log.byteLength
  }

  /** Returns the instance whose key it replaces, or null. */
  put(key: KeyEntry): string | null {
    const digest = Buffer.from(key.digest, 'base64url')
    if (digest.length < DIGEST_BYTES) throw new Error(`the digest of key ${key.id} is too short`)
    const replaced = this.delete(key.id)
    const hasExtra = isLimited(key)
    if (hasExtra) this.#extras.set(key.id, extraOf(key))
    if (key.origins != null) this.#addForPages(key.instanceId, key.id)
    const owner = this.#instances.take(key.instanceId)
    const flags = hasExtra ? HAS_EXTRA : 0
    const id = shortId(key.id)
    const ref = this.#log.append({ id, name: key.name, owner, digest, flags })
    this.#index.add(hashOfText(id), ref)
    return replaced
  }

  /** Returns the instance whose key it was, or null if there was none. */
  delete(id: string): string | null {
    const slot = this.#slotOf(id)
    if (slot < 0) return null
    const ref = this.#index.refAt(slot)
    const owner = this.#log.ownerOf(ref)
    const instanceId = this.#instances.idOf(owner)
    this.#index.remove(slot)
    this.#log.kill(ref)
    this.#extras.delete(id)
    this.#removeForPages(instanceId, id)
    this.#instances.release(owner)
    if (this.#log.isWasteful && this.#readers === 0) this.#compact()
    return instanceId
  }

  /** Goes through all keys: about a millisecond per hundred thousand. */
  deleteInstance(instanceId: string): void {
    const owner = this.#instances.numberOf(instanceId)
    if (owner === null) return
    const ids: string[] = []
    for (const ref of this.#log.refs())
      if (this.#log.ownerOf(ref) === owner) ids.push(longId(this.#log.idOf(ref)))
    for (const id of ids) this.delete(id)
  }

  /** An unknown id costs what a wrong secret costs: a digest, and a look at one record or none. */
  find(token: string): KeyRecord | null {
    if (token.length > MAX_TOKEN_LENGTH) return null
    const digest = this.#digest
    digestInto(digest, token)
    const idLength = Math.max(0, token.indexOf('_'))
    const hash = hashOfText(token, idLength)
    for (let slot = this.#index.first(hash); slot >= 0; slot = this.#index.next(slot, hash)) {
      const ref = this.#index.refAt(slot)
      // The digest is of the whole token, so the id that was presented is the key's.
      if (this.#log.hasDigest(ref, digest)) return this.#grantAt(ref, longId(token.slice(0, idLength)))
    }
    return null
  }

  findById(id: string): KeyRecord | null {
    const slot = this.#slotOf(id)
    return slot < 0 ? null : this.#grantAt(this.#index.refAt(slot), id)
  }

  /** The keys of an instance that pages of this origin may use. */
  findForOrigin(instanceId: string, origin: string): KeyRecord[] {
    const ids = [...(this.#forPages.get(instanceId) ?? [])]
    const keys = ids.map((id) => this.findById(id)).filter((key) => key !== null)
    return keys.filter(({ origins }) => origins?.includes(origin))
  }

  /**
   * Every key as it was put, except for the bytes of the digest that are not kept. Changes during the iteration may be
   * missing.
   */
  *entries(): Generator<KeyEntry> {
    this.#readers++
    try {
      for (const ref of this.#log.refs()) yield this.#entryAt(ref)
    } finally {
      this.#readers--
    }
  }

  #grantAt(ref: KeyRef, id: string): KeyRecord {
    const extra = this.#log.hasExtra(ref) ? this.#requireExtra(id) : null
    return {
      id,
      name: this.#log.nameOf(ref),
      instanceId: this.#instances.idOf(this.#log.ownerOf(ref)),
      expiresAtMs: extra?.expiresAtMs ?? null,
      perMinute: extra?.perMinute,
      origins: extra?.origins,
      scope: extra?.scope ?? null,
    }
  }

  #entryAt(ref: KeyRef): KeyEntry {
    const id = longId(this.#log.idOf(ref))
    const { name, instanceId, expiresAtMs, perMinute, origins } = this.#grantAt(ref, id)
    const { micros, methods, paths } = this.#extras.get(id) ?? NO_LIMITS
    const digest = Buffer.from(this.#log.digestOf(ref)).toString('base64url')
    return { id, name, digest, instanceId, micros, methods, paths, expiresAtMs, perMinute, origins }
  }

  #addForPages(instanceId: string, id: string): void {
    const ids = this.#forPages.get(instanceId) ?? new Set()
    this.#forPages.set(instanceId, ids.add(id))
  }

  #removeForPages(instanceId: string, id: string): void {
    const ids = this.#forPages.get(instanceId)
    if (ids?.delete(id) === true && ids.size === 0) this.#forPages.delete(instanceId)
  }

  /** A key with limits must never be treated as one without. */
  #requireExtra(id: string): Extra {
    const extra = this.#extras.get(id)
    if (extra === undefined) throw new Error(`the limits of key ${id} are missing`)
    return extra
  }

  #slotOf(id: string): number {
    const short = shortId(id)
    const hash = hashOfText(short)
    let slot = this.#index.first(hash)
    while (slot >= 0 && this.#log.idOf(this.#index.refAt(slot)) !== short) slot = this.#index.next(slot, hash)
    return slot
  }

  #compact(): void {
    this.#log.compact()
    this.#index.rebuild(this.#log.refs())
  }
}

const NO_LIMITS: Limits = { micros: null, methods: null, paths: null, expiresAtMs: null }

const isLimited = ({ micros, methods, paths, expiresAtMs, perMinute, origins }: Limits): boolean =>
  [micros, methods, paths, expiresAtMs, perMinute, origins].some((limit) => limit != null)

function extraOf({ micros, methods, paths, expiresAtMs, perMinute, origins }: KeyEntry): Extra {
  const hasScope = micros !== null || methods !== null || paths !== null
  return {
    micros,
    methods,
    paths,
    expiresAtMs,
    perMinute,
    origins,
    scope: hasScope ? { micros, methods, paths: pathRules(paths) } : null,
  }
}

/** Path limits have the form of public rules: the same patterns, and the same matcher. */
function pathRules(paths: readonly string[] | null): RuleSet | null {
  if (paths === null) return null
  return compileRules({ publicRules: paths.map((pattern) => ({ pattern, from: '' })), privateRules: [] })
}

const PREFIX = 'key_'

/** All key ids begin with it: the prefix is neither stored nor part of a token. */
function shortId(id: string): string {
  const isKeyId = id.startsWith(PREFIX) && id.length > PREFIX.length && id.length <= MAX_TOKEN_LENGTH
  if (!isKeyId || !isAscii(id)) throw new Error(`${id} is not the id of a key`)
  return id.slice(PREFIX.length)
}

const longId = (short: string): string => PREFIX + short

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false
  return true
}
