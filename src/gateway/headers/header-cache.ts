import type { RequestFacts } from '../../access/index.ts'

/**
 * What was worked out from a header section, for the requests of its connection that repeat it octet for octet
 * (`RequestHead.section`). Only what depends on nothing but the section, the connection and what is named here: the
 * decision itself is made for each request anew.
 */
export interface HeaderCache {
  /** The section has come before: now it is worth keeping what is made of it. */
  isRepeated: boolean
  /** Of the method that they name. */
  facts: RequestFacts | null
  /** Field lines for a micro. */
  lines: MicroLines | null
}

export interface MicroLines {
  /** Kind of the principal that they were written for: some lines pass for some only. */
  readonly principal: string
  readonly octets: Buffer
}

export const newHeaderCache = (): HeaderCache => ({ isRepeated: false, facts: null, lines: null })
