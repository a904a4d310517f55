import { BODY_BOUNDS, type BodyBound } from '../contract/index.ts'

/** Limits of API calls that the operator can change. */
export interface ApiLimits extends Readonly<Record<BodyBound, number>> {
  /** COMPAT 1.11. */
  readonly domainsPerInstance: number
  /** Of the Bases and the Drives of one collection, which the data process keeps to. */
  readonly collectionBytes: number
}

export const API_LIMITS: ApiLimits = {
  ...BODY_BOUNDS,
  domainsPerInstance: 5,
  collectionBytes: 2_000_000_000_000,
}

/** The defaults, with the changes of this server's operator. */
export const apiLimits = ({ bounds }: { bounds?: Partial<ApiLimits> }): ApiLimits => ({
  ...API_LIMITS,
  ...bounds,
})
