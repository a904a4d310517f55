/** An error as clients of Base and Drive read it (COMPAT 5.2): only the first text is shown, and by some compared. */
export const dataError = (status: number, ...errors: string[]): Response =>
  Response.json({ errors }, { status })

export const readOnly = (): Response => dataError(403, 'This data key may only read')
