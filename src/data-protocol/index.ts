/**
 * Data protocol: what Base, Drive and the process that serves them agree on. Pure.
 * Start reading at data-call.ts.
 */
export type { DataCall, DataService } from './data-call.ts'
export { dataError, readOnly } from './errors.ts'
