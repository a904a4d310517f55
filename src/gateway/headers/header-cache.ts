import type { RequestFacts } from '../../access/index.ts'

/**
 * Values derived from a header section, for requests of the same connection that repeat the section octet for octet
 * (`RequestHead.section`). They depend only on the section, the connection and what is named here: the decision itself
 * is made for each request.
 */
export interface HeaderCache {
  /** The section was repeated at least once: caching is worth its cost. */
  isRepeated: boolean
  /** Valid for the method that they contain. */
  facts: RequestFacts | null
  /** Field lines for a micro. */
  lines: MicroLines | null
}

export interface MicroLines {
  /** Kind of the principal that they were written for, because some lines depend on it. */
  readonly principal: string
  readonly octets: Buffer
}

export const newHeaderCache = (): HeaderCache => ({ isRepeated: false, facts: null, lines: null })
