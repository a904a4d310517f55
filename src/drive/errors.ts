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

export class NoRoom extends Refusal {
  constructor(message: string) {
    super(507, message)
    this.name = 'NoRoom'
  }
}

/** JSON like every error: SDKs parse it. Deta Space sent HTML here, which they report as "Something went wrong". */
export const tooLarge = (message: string) => new Refusal(413, message)
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
