import { BODY_BOUNDS, type BodyBound } from '../contract/index.ts'

/** Bounds of the platform's calls that an operator may move. */
export interface PlatformLimits extends Readonly<Record<BodyBound, number>> {
  /** COMPAT 1.11. */
  readonly domainsPerInstance: number
}

export const PLATFORM_LIMITS: PlatformLimits = { ...BODY_BOUNDS, domainsPerInstance: 5 }

/** With what was set for this server. */
export const platformLimits = ({ bounds }: { bounds?: Partial<PlatformLimits> }): PlatformLimits => ({
  ...PLATFORM_LIMITS,
  ...bounds,
})
