/**
 * Messages that every run reads: one for each known trick, and each message that the fuzzer found to be read in two ways.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AppAnswer } from './answer-grammar.ts'

/** One character per octet. */
export interface RequestEntry {
  readonly why: string
  /** All that comes on one connection. */
  readonly octets: string
}

export interface AnswerEntry extends AppAnswer {
  readonly why: string
}

const FOLDER = join(import.meta.dir, 'corpus')

export const requestCorpus = () => entries<RequestEntry>('requests')
export const answerCorpus = () => entries<AnswerEntry>('answers')

/** Keeps what a run has found. `name` becomes a file's. */
export const keepRequest = (name: string, entry: RequestEntry): void => keep('requests', name, entry)
export const keepAnswer = (name: string, entry: AnswerEntry): void => keep('answers', name, entry)

/** By name, in order. */
function entries<T>(kind: string): readonly (readonly [name: string, entry: T])[] {
  const names = readdirSync(join(FOLDER, kind)).filter((name) => name.endsWith('.json'))
  return names
    .sort()
    .map((name) => [
      name.slice(0, -'.json'.length),
      JSON.parse(readFileSync(join(FOLDER, kind, name), 'utf8')),
    ])
}

function keep(kind: string, name: string, entry: object): void {
  writeFileSync(join(FOLDER, kind, `${name}.json`), `${JSON.stringify(entry, null, 2)}\n`)
}
