import type { ReadEntry } from '../zip/index.ts'
import { failureOf, messageOf } from './data-access.ts'
import type { ImportProgress } from './report.ts'
import type { Target } from './target.ts'
import { BadItems, jsonElements } from './json-elements.ts'

/** What one call may put (COMPAT 5.2). */
const BATCH_ITEMS = 25
const BATCH_CHARS = 4_000_000

/** Stores the items of one file of a Base. An item that Base refuses is reported and left out. */
export async function* writeItems(
  target: Target,
  base: string,
  entry: ReadEntry,
): AsyncGenerator<ImportProgress> {
  const { report, limits, signal } = target
  let batch: string[] = []
  let chars = 0
  try {
    for await (const text of jsonElements(entry.content(), limits.itemBytes)) {
      signal.throwIfAborted()
      const fault = faultOf(text)
      if (fault !== null) {
        report.fail(`bases/${base}`, fault)
        continue
      }
      batch.push(text)
      chars += text.length
      if (batch.length < BATCH_ITEMS && chars < BATCH_CHARS) continue
      await putBatch(target, base, batch)
      batch = []
      chars = 0
      yield report.progress()
    }
  } catch (error) {
    if (!(error instanceof BadItems)) throw error
    report.fail(`bases/${base}`, error.message)
  }
  if (batch.length > 0) await putBatch(target, base, batch)
}

/** An item without a key would get another one at each import. */
function faultOf(text: string): string | null {
  try {
    const { key } = JSON.parse(text) as { key?: unknown }
    return typeof key === 'string' && key !== '' ? null : 'an item has no key'
  } catch {
    return 'an item is not valid JSON'
  }
}

async function putBatch(target: Target, base: string, texts: readonly string[]): Promise<void> {
  const answer = await put(target, base, texts)
  if (answer.ok) return target.report.items(base, texts.length)
  if (texts.length > 1) {
    // All are refused for the fault of one.
    for (const text of texts) await putBatch(target, base, [text])
    return
  }
  target.report.fail(`bases/${base}/${keyOf(texts[0]!)}`, await messageOf(answer))
}

/** Throws when the server fails, or has no room. */
async function put(
  { data, collectionId }: Target,
  base: string,
  texts: readonly string[],
): Promise<Response> {
  const body = `{"items":[${texts.join()}]}`
  const answer = await data.call({
    service: 'base',
    collectionId,
    name: base,
    method: 'PUT',
    path: '/items',
    body,
  })
  if (answer.status >= 500 || answer.status === 429)
    throw await failureOf(answer, `Items of ${base} were not stored`)
  return answer
}

const keyOf = (text: string): string => (JSON.parse(text) as { key: string }).key
