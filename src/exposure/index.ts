/**
 * Exposure: what is public, since when and who used it. Owns the difference that a push makes, the public surface of
 * an instance, the explanation of a request, and the usage counters. Never decides a request: access/ does. Start
 * reading at public-surface.ts.
 */
export { type Asked, explanationAnswer } from './explain.ts'
export { surfaceAnswer } from './public-surface.ts'
export {
  type BuildExposure,
  exposureOfPush,
  getBuildExposure,
  type MountedRoute,
  setBuildExposure,
} from './push-exposure.ts'
export { startUsageRecorder } from './record-usage.ts'
export { deleteOldUses, type Use, usesOf } from './usage.ts'
