/** A call that is answered with an error of the client's: its text is shown as it is. */
export class BaseFault extends Error {
  override readonly name = 'BaseFault'

  constructor(
    readonly status: number,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

export const invalid = (message: string): BaseFault => new BaseFault(400, message)

/** SDKs' tests compare this text. */
export const badQuery = (): BaseFault => invalid('Bad query')
