import { createHash } from 'node:crypto'
import { removeDefaultWorker, rewriteDataCalls } from './rewrite-data-calls.ts'

export interface Script {
  readonly bytes: Buffer
  readonly version: string
}

function scriptOf(run: (page: never) => unknown): Script {
  const bytes = Buffer.from(`(${run.toString()})(window)\n`)
  return { bytes, version: createHash('sha256').update(bytes).digest('base64url').slice(0, 12) }
}

const RUNTIME = scriptOf(rewriteDataCalls)

export const RUNTIME_SCRIPTS: ReadonlyMap<string, Script> = new Map([
  ['/__space/v0/runtime.js', RUNTIME],
  ['/__space/v0/runtime-no.js', scriptOf(removeDefaultWorker)],
])

/** Names the version, so that browsers may keep the script, and a page gets the one that belongs to its server. */
export const RUNTIME_TAG = `<script src="/__space/v0/runtime.js?${RUNTIME.version}"></script>`
