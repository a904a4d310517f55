import type { ParseError } from '../../wire/index.ts'
import { CookieNames } from '../headers/cookie-names.ts'

/** More than any browser sends: the 180 cookies of a site, of four thousand octets each, are 740 kB. */
const MAX_HEAD_BYTES = 1_048_576

const COOKIE_LINE = /\ncookie:/i

/**
 * The head of a request whose cookies exceed the bound. The request is not served, but its head is read to the end of
 * the `Cookie` line, so that the answer can remove the cookies that fill it: any page of a sibling app can set those
 * for the whole domain.
 */
export class OverlongHead {
  readonly error: ParseError
  /** The octets before the `Cookie` line: browsers send the request line, `Host` and `Accept` first. */
  readonly octets: Buffer
  readonly #names = new CookieNames()
  #readBytes = 0

  private constructor(error: ParseError, octets: Buffer, cookies: Buffer) {
    this.error = error
    this.octets = Buffer.from(octets)
    this.add(cookies)
  }

  /**
   * Null if cookies are not what is too long. `octets`: what has arrived of the head; at most `headBytes` of it are
   * searched.
   */
  static of(error: ParseError, octets: Buffer, headBytes: number): OverlongHead | null {
    if (error.status !== 431) return null
    // As latin1 every character is one octet.
    const start = octets.toString('latin1', 0, headBytes)
    const at = COOKIE_LINE.exec(start)?.index
    const isInHead = at !== undefined && !start.slice(0, at).includes('\n\r\n')
    if (!isInHead) return null
    return new OverlongHead(error, octets.subarray(0, at + 1), octets.subarray(at + '\ncookie:'.length))
  }

  add(bytes: Buffer): void {
    this.#readBytes += bytes.length
    this.#names.add(bytes)
  }

  /** Whether reading is complete: the line has ended, or is longer than any browser sends. */
  get isComplete(): boolean {
    return this.#names.isAtEnd || this.#readBytes > MAX_HEAD_BYTES
  }

  get cookieNames(): readonly string[] {
    return this.#names.names
  }
}
