/** A refusal whose message the client reads, in COMPAT's shape. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message)
    this.name = 'Refusal'
  }
}

/** 413: clients of Deta Space expect HTML (COMPAT 5.3). */
export class TooLarge extends Refusal {
  constructor(message: string) {
    super(413, message)
    this.name = 'TooLarge'
  }
}

export class NoRoom extends Refusal {
  constructor(message: string) {
    super(507, message)
    this.name = 'NoRoom'
  }
}

export const badRequest = (message: string) => new Refusal(400, message)
export const notFound = (message: string) => new Refusal(404, message)

/** What was stored cannot be read; an operator must look. `message` is for the log. */
export class Damaged extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'Damaged'
  }
}

/** The store of the content does not answer, or refuses; it may work again later. */
export class StoreFailed extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause })
    this.name = 'StoreFailed'
  }
}
