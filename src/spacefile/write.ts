import { Document } from 'yaml'
import type { DetectedMicro } from './detect.ts'

/** The text of a new Spacefile (COMPAT 2.9). Without micros, it contains a commented example to fill in. */
export function writeSpacefile(micros: readonly DetectedMicro[]): string {
  const body = micros.length === 0 ? `v: 0\n${EXAMPLE}` : bodyOf(micros)
  return `# Spacefile Docs: https://go.deta.dev/docs/spacefile/v0\n${body}`
}

function bodyOf(micros: readonly DetectedMicro[]): string {
  const document = new Document({ v: 0, micros: micros.map(fieldsOf) })
  return document.toString({ indent: 2, lineWidth: 0 })
}

function fieldsOf({ name, src, engine, primary, ...optional }: DetectedMicro): Record<string, unknown> {
  const given = Object.entries(optional).filter(([, value]) => value !== null)
  return { name, src, engine, primary, ...Object.fromEntries(given) }
}

const EXAMPLE = `# micros:
#   - name: api
#     src: .
#     engine: nodejs16
#     run: node index.js
`
