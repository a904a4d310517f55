import { BODY_BOUNDS, type BodyBound } from '../contract/index.ts'

/** Limits of API calls that the operator can change. */
export interface ApiLimits extends Readonly<Record<BodyBound, number>> {
  /** COMPAT 1.11. */
  readonly domainsPerInstance: number
}

export const API_LIMITS: ApiLimits = { ...BODY_BOUNDS, domainsPerInstance: 5 }

/** The defaults, with the changes of this server's operator. */
export const apiLimits = ({ bounds }: { bounds?: Partial<ApiLimits> }): ApiLimits => ({
  ...API_LIMITS,
  ...bounds,
})
