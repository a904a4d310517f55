import { principalText, type Principal } from '../../access/index.ts'
import { identityKeyOf } from '../../directory/index.ts'

/** Signatures of the current second that are cached. */
const KEPT_SIGNATURES = 4_096
/** Instances whose keys are cached; deriving one takes two microseconds. */
const KEPT_KEYS = 10_000
/** Base64 makes the header a third longer than its content, and servers accept 16 kB of headers in total. */
const LONGEST_PATH = 2_048

export interface Identified {
  readonly instanceId: string
  readonly micro: string
  readonly principal: Principal
  readonly method: string
  /** Below the mount, as the micro receives it, without the query. */
  readonly path: string
  readonly nowMs: number
}

/** The two padded keys of HMAC-SHA-256 (RFC 2104): hashed before the message, and before the inner digest. */
interface Pads {
  readonly inner: Buffer
  readonly outer: Buffer
}

const BLOCK_BYTES = 64
const DIGEST_BYTES = 32
/** Room for names and ids beside the path, and for the growth by base64. */
const SCRATCH_BYTES = BLOCK_BYTES + 4 * (LONGEST_PATH + 4_096)

/**
 * Signs the identity of the client together with the one request that it is sent with (ARCHITECTURE, `X-Space-Identity`),
 * so that a micro can tell it from what anything else on its network claims.
 *
 * The HMAC is computed by hand, in reused memory with one-shot hashes: a keyed hasher that is created for each request and
 * freed by the garbage collector costs twice as much. `bench/gateway.ts` pays for it, in its column *cookie and signing*.
 */
export class IdentitySigner {
  readonly #pads = new Map<string, Pads>()
  readonly #scratch = Buffer.allocUnsafe(SCRATCH_BYTES)
  #secret: string | null = null
  /** Signatures of the current second by what they sign: a repeated request gets the same value, octet for octet. */
  readonly #signed = new Map<string, string>()
  #second = 0

  /** The header's value. Null without a secret, and for a path that would make it too long. */
  sign(secret: string | null, identified: Identified): string | null {
    if (secret === null || identified.path.length > LONGEST_PATH) return null
    this.#turnTo(secret, Math.floor(identified.nowMs / 1_000))
    const what = nameOf(identified)
    const known = this.#signed.get(what)
    if (known !== undefined) return known
    const value = this.#make(secret, identified)
    if (value !== null && this.#signed.size < KEPT_SIGNATURES) this.#signed.set(what, value)
    return value
  }

  #turnTo(secret: string, second: number): void {
    if (secret !== this.#secret) this.#pads.clear()
    if (secret !== this.#secret || second !== this.#second) this.#signed.clear()
    this.#secret = secret
    this.#second = second
  }

  #make(secret: string, { instanceId, micro, principal, method, path }: Identified): string | null {
    const claims = JSON.stringify({
      instance: instanceId,
      micro,
      principal: principalText(principal),
      key_name: principal.kind === 'key' ? principal.name : undefined,
      method,
      path,
      at: this.#second,
    })
    if (claims.length > LONGEST_PATH + 2_048) return null
    const scratch = this.#scratch
    const signed = `v1.${scratch.toString('base64url', 0, scratch.write(claims))}`
    return `${signed}.${this.#mac(this.#padsOf(secret, instanceId), signed)}`
  }

  #mac({ inner, outer }: Pads, message: string): string {
    const scratch = this.#scratch
    inner.copy(scratch)
    const end = BLOCK_BYTES + scratch.write(message, BLOCK_BYTES, 'latin1')
    Bun.SHA256.hash(scratch.subarray(0, end), outer.subarray(BLOCK_BYTES))
    return Bun.SHA256.hash(outer, 'base64url')
  }

  #padsOf(secret: string, instanceId: string): Pads {
    if (this.#pads.size >= KEPT_KEYS) this.#pads.clear()
    const known = this.#pads.get(instanceId)
    if (known !== undefined) return known
    const pads = padsOf(identityKeyOf(secret, instanceId))
    this.#pads.set(instanceId, pads)
    return pads
  }
}

/** A cache key from everything that is signed except the time. Only the last part could contain a line break. */
function nameOf({ instanceId, micro, principal, method, path }: Identified): string {
  const who = principal.kind === 'user' ? principal.userId : principal.kind === 'key' ? principal.id : ''
  return `${principal.kind}\n${who}\n${method}\n${instanceId}\n${micro}\n${path}`
}

function padsOf(key: Buffer): Pads {
  const inner = Buffer.alloc(BLOCK_BYTES, 0x36)
  const outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES, 0x5c)
  for (const [at, octet] of key.entries()) {
    inner[at]! ^= octet
    outer[at]! ^= octet
  }
  return { inner, outer }
}
