/**
 * The gateway's own pages and JSON: every answer that the gateway gives in place of an app. Owns their texts and style.
 * A page is self-contained, without scripts or outside resources, and shows nothing that its reader may not know: only
 * the owner of an app sees its log, and an unknown host reveals nothing. Start reading at `render-problem.ts`.
 */
export { isPageLoad, preferredFormat } from './format.ts'
export type { Format } from './format.ts'
export type { Audience, Problem } from './problem.ts'
export { renderProblem } from './render-problem.ts'
