/** Clients that ask all the time, while a test changes what answers them. */
export interface Answer {
  readonly status: number
  readonly text: string
}

export interface Load {
  /** Resolves with the next answer that `isMeant`. */
  answered(isMeant: (answer: Answer) => boolean): Promise<void>
  /** Resolves, with all answers, when every client has its last one. */
  stop(): Promise<readonly Answer[]>
}

/** `clients` ask one after the other, each as soon as it has its answer. A request that fails has status 0. */
export function startLoad(clients: number, request: (count: number) => Promise<Response>): Load {
  const answers: Answer[] = []
  const waiting = new Set<(answer: Answer) => void>()
  const over = new AbortController()
  let count = 0
  const ask = async (): Promise<Answer> => {
    try {
      const response = await request(count++)
      return { status: response.status, text: await response.text() }
    } catch (error) {
      return { status: 0, text: String(error) }
    }
  }
  const client = async () => {
    while (!over.signal.aborted) {
      const answer = await ask()
      answers.push(answer)
      for (const hear of waiting) hear(answer)
    }
  }
  const running = Promise.all(Array.from({ length: clients }, client))
  return {
    answered(isMeant) {
      const { promise, resolve } = Promise.withResolvers<void>()
      const hear = (answer: Answer) => {
        if (!isMeant(answer)) return
        waiting.delete(hear)
        resolve()
      }
      waiting.add(hear)
      return promise
    },
    async stop() {
      over.abort()
      await running
      return answers
    },
  }
}
