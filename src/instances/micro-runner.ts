export type { MicroRunner } from '../runner/index.ts'
