import type { CanonicalPath } from '../../access/index.ts'
import type { Location } from '../../directory/index.ts'

/** The path and query of a request target that no two servers read differently. */
export type RequestPath = Extract<CanonicalPath, { kind: 'path' }>

/** The micro that serves a request, and the path below its mount. */
export type RouteMatch = Extract<Location, { kind: 'micro' }>
