/** A value that is there already, or a promise of it. On hot paths: each `await` of a value that is there costs a turn. */
export type Soon<T> = T | Promise<T>

/** `step` with the value: at once if it is there. */
export const after = <T, U>(soon: Soon<T>, step: (value: T) => Soon<U>): Soon<U> =>
  soon instanceof Promise ? soon.then(step) : step(soon)

/** The value of `work`; `recover` gets what it throws or rejects with. */
export function recovering<T>(work: () => Soon<T>, recover: (error: unknown) => T): Soon<T> {
  try {
    const soon = work()
    return soon instanceof Promise ? soon.catch(recover) : soon
  } catch (error) {
    return recover(error)
  }
}

/** The value of `work`; `end` is called once it is there or has failed. */
export function ending<T>(work: () => Soon<T>, end: () => void): Soon<T> {
  let soon: Soon<T>
  try {
    soon = work()
  } catch (error) {
    end()
    throw error
  }
  if (soon instanceof Promise) return soon.finally(end)
  end()
  return soon
}
