/** What every call of one Base or Drive has in common. */
export interface Target {
  /** `https://database.deta.sh/v1/<collection>/<name>` */
  readonly root: string
  readonly headers: Readonly<Record<string, string>>
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>
}

export class DataError extends Error {
  override readonly name = 'DataError'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

export interface Sent {
  readonly json?: unknown
  readonly body?: Blob
  readonly contentType?: string
}

/** The answer, if it is a success; throws DataError otherwise. */
export async function send(target: Target, method: string, path: string, sent: Sent = {}): Promise<Response> {
  const { json, body = json === undefined ? null : JSON.stringify(json), contentType } = sent
  const type = json === undefined ? contentType : 'application/json'
  const headers = { ...target.headers, ...(type !== undefined && { 'Content-Type': type }) }
  const answer = await target.fetch(target.root + path, { method, headers, body })
  if (answer.ok) return answer
  throw new DataError(answer.status, await reasonOf(answer))
}

/** Like `send`; null for 404. */
export const find = (...call: Parameters<typeof send>): Promise<Response | null> =>
  send(...call).catch((error: unknown) => {
    if (error instanceof DataError && error.status === 404) return null
    throw error
  })

/** Calls that answer with JSON. */
export const ask = async <Answer>(...call: Parameters<typeof send>): Promise<Answer> =>
  (await (await send(...call)).json()) as Answer

async function reasonOf(answer: Response): Promise<string> {
  try {
    const { errors } = (await answer.json()) as { errors?: string[] }
    return errors?.[0] ?? `${answer.status} ${answer.statusText}`
  } catch {
    return `${answer.status} ${answer.statusText}`
  }
}
