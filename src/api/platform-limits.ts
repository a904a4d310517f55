import { BODY_BOUNDS, type BodyBound } from '../contract/index.ts'

/** Limits of API calls that the operator can change. */
export interface PlatformLimits extends Readonly<Record<BodyBound, number>> {
  /** COMPAT 1.11. */
  readonly domainsPerInstance: number
}

export const PLATFORM_LIMITS: PlatformLimits = { ...BODY_BOUNDS, domainsPerInstance: 5 }

/** The defaults, with the changes of this server's operator. */
export const platformLimits = ({ bounds }: { bounds?: Partial<PlatformLimits> }): PlatformLimits => ({
  ...PLATFORM_LIMITS,
  ...bounds,
})
