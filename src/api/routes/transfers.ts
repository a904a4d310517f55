import { randomUUID } from 'node:crypto'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { calls } from '../../contract/index.ts'
import { HttpError } from '../../kernel/http-error.ts'
import { type ImportProgress, exportCollection, importArchive } from '../../transfers/index.ts'
import type { ApiContext } from '../api-context.ts'
import { route } from '../route.ts'

export const transferRoutes = [
  route(calls.exportCollection, async ({ collections, data, log, now }, { collection }) => {
    // When its process does not answer, this call says so; a stream could not.
    await data.names(collection.id)
    const archive = exportCollection({ collections, data, log, now }, collection)
    return new Response(archive, {
      headers: {
        'Content-Type': 'application/zip',
        'Content-Disposition': `attachment; filename="${collection.id}.zip"`,
      },
    })
  }),
  route(calls.importCollection, async (context, { collection, body, query }) => {
    const { data, importLimits, uploadsDir } = context
    const stop = new AbortController()
    // The call deletes its own file when it answers, before the import has ended.
    const path = join(uploadsDir, `incoming-${randomUUID()}.zip`)
    await rename(body.path, path)
    const steps = importArchive(
      { data, limits: importLimits },
      { collectionId: collection.id, path, folder: query.folder ?? null, signal: stop.signal },
    )
    const end = async () => {
      stop.abort()
      await steps.return(undefined).catch(() => {})
      await rm(path, { force: true })
    }
    try {
      // What is wrong with the archive as a whole is the answer.
      const first = await steps.next()
      return new Response(linesOf(context, { first: first.value ?? null, steps, end }), {
        headers: { 'Content-Type': 'application/x-ndjson' },
      })
    } catch (error) {
      await end()
      throw error
    }
  }),
  route(calls.moveCollection, async (context, { collection, body }) => {
    const { data } = context
    // When its process does not answer, this call says so; a stream could not.
    await data.names(collection.id)
    return new Response(moveLines(context, data.move(collection.id, body)), {
      headers: { 'Content-Type': 'application/x-ndjson' },
    })
  }),
]

const EMPTY_LINE_EVERY_MS = 5_000

/** The move continues when the client leaves. */
function moveLines({ log }: ApiContext, moving: Promise<object>): ReadableStream<Uint8Array> {
  const failed = (error: unknown) => {
    if (!(error instanceof HttpError)) log.error('a collection was not moved', {}, error)
    return { error: error instanceof HttpError ? error.message : MOVE_FAILED }
  }
  const ended = moving.then((moved) => ({ ...moved, done: true }), failed)
  const state = { timer: null as Timer | null, isGone: false }
  const end = () => {
    if (state.timer !== null) clearInterval(state.timer)
  }
  return new ReadableStream<Uint8Array>({
    start(controller) {
      state.timer = setInterval(() => controller.enqueue(Buffer.from('\n')), EMPTY_LINE_EVERY_MS)
      void ended.then((line) => {
        end()
        if (state.isGone) return
        controller.enqueue(Buffer.from(`${JSON.stringify(line)}\n`))
        controller.close()
      })
    },
    cancel() {
      state.isGone = true
      end()
    },
  })
}

const MOVE_FAILED =
  'The collection was not moved and is used where it was. The log of the server has the cause.'

interface Running {
  readonly first: ImportProgress | null
  readonly steps: AsyncGenerator<ImportProgress>
  readonly end: () => Promise<void>
}

const LINE_EVERY_MS = 500

/** Lines of progress, not more than two a second. A client that leaves ends the import. */
function linesOf({ log }: ApiContext, { first, steps, end }: Running): ReadableStream<Uint8Array> {
  let last = first
  const line = (value: object) => Buffer.from(`${JSON.stringify({ ...last, ...value })}\n`)
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const step = await nextLine(steps, (progress) => (last = progress))
          controller.enqueue(line(step.isDone ? { done: true } : {}))
          if (!step.isDone) return
        } catch (error) {
          controller.enqueue(line({ error: messageOf(error) }))
          if (!(error instanceof HttpError)) log.error('an import failed', {}, error)
        }
        await end()
        controller.close()
      },
      cancel: end,
    },
    { highWaterMark: 0 },
  )
}

/** Imports until the next line is due. */
async function nextLine(
  steps: AsyncGenerator<ImportProgress>,
  note: (progress: ImportProgress) => void,
): Promise<{ isDone: boolean }> {
  const started = performance.now()
  for (;;) {
    const { done, value } = await steps.next()
    if (done) return { isDone: true }
    note(value)
    if (performance.now() - started > LINE_EVERY_MS) return { isDone: false }
  }
}

const messageOf = (error: unknown): string =>
  error instanceof HttpError ? error.message : 'The import failed. The log of the server has the cause.'
