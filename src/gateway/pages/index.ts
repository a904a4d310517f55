/**
 * The gateway's own pages: what a person or a program is told when the gateway answers in place of an app. Owns the
 * words, the look and the JSON of every such answer. One self-contained page without script or any outside resource;
 * never shows what its reader may not know: an app's log is for its owner alone, a missing app is just missing.
 */
export { isPageLoad, preferredFormat } from './format.ts'
export type { Format } from './format.ts'
export type { Audience, Problem } from './problem.ts'
export { renderProblem } from './render-problem.ts'
