import { useReducer, useRef } from 'react'
import { type DriveRef, reloadFiles } from './files.ts'
import { uploadFile } from './upload.ts'

export interface Upload {
  readonly id: number
  readonly name: string
  readonly sentBytes: number
  readonly totalBytes: number
  readonly state: 'waiting' | 'sending' | 'done' | 'failed'
  readonly error?: string
  readonly abort: () => void
}

type Action =
  | { readonly do: 'add'; readonly upload: Upload }
  | { readonly do: 'update'; readonly id: number; readonly now: Partial<Upload> }
  | { readonly do: 'forget'; readonly id: number | null }

function reduce(uploads: readonly Upload[], action: Action): readonly Upload[] {
  switch (action.do) {
    case 'add':
      return [...uploads, action.upload]
    case 'update':
      return uploads.map((one) => (one.id === action.id ? { ...one, ...action.now } : one))
    case 'forget':
      return uploads.filter(({ id, state }) => (action.id === null ? state !== 'done' : id !== action.id))
  }
}

/** Uploads one file after another, and says how far each is. */
export function useUploads(at: DriveRef) {
  const [uploads, dispatch] = useReducer(reduce, [])
  const queue = useRef<Promise<void>>(Promise.resolve())
  const nextId = useRef(0)

  const send = async (id: number, name: string, file: File, signal: AbortSignal) => {
    if (signal.aborted) return
    dispatch({ do: 'update', id, now: { state: 'sending' } })
    try {
      const onProgress = (sentBytes: number) => dispatch({ do: 'update', id, now: { sentBytes } })
      await uploadFile({ at, name, file, signal, onProgress })
      dispatch({ do: 'update', id, now: { state: 'done', sentBytes: file.size } })
      await reloadFiles(at)
    } catch (error) {
      if (signal.aborted) return
      dispatch({ do: 'update', id, now: { state: 'failed', error: (error as Error).message } })
    }
  }

  const add = (folder: string, files: Iterable<File>) => {
    for (const file of files) {
      const id = nextId.current++
      const name = folder + file.name
      const ended = new AbortController()
      const abort = () => {
        ended.abort()
        dispatch({ do: 'forget', id })
      }
      const upload: Upload = { id, name, sentBytes: 0, totalBytes: file.size, state: 'waiting', abort }
      dispatch({ do: 'add', upload })
      queue.current = queue.current.then(() => send(id, name, file, ended.signal))
    }
  }
  return { uploads, add, forgetDone: () => dispatch({ do: 'forget', id: null }) }
}
