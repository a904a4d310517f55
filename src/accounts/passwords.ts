import { normalizePassword, PASSWORD_CHARS } from './person.ts'

/** OWASP's smallest recommended cost: 34 ms and 19 MB a check, off the main thread. */
const COST = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const

/** The hash of a password nobody has, with the cost above. */
const NOBODY =
  '$argon2id$v=19$m=19456,t=2,p=1$gXFUA0ptMAHYL34a+sqznsDKsCBCXotmnLKfaC+zSiE$G4SYPoFmSYfom3uiuYeP/7UJ/pWM1dDUX9lnlsEw1Ik'

export const hashPassword = (password: string): Promise<string> =>
  Bun.password.hash(normalizePassword(password), COST)

/**
 * Whether `password` belongs to `hash`. Without a hash (nobody has that name) the same work is done for nothing, so
 * that the time tells no one which names exist.
 */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const isTooLong = password.length > PASSWORD_CHARS.max
  const matches = await Bun.password.verify(
    isTooLong ? '-' : normalizePassword(password) || '-',
    hash ?? NOBODY,
  )
  return matches && hash !== undefined && !isTooLong
}
