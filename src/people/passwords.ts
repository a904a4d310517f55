import { normalizePassword, PASSWORD_CHARS } from './validate-person.ts'

/** OWASP's smallest recommended cost: 34 ms and 19 MB a check, off the main thread. */
const COST = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const

/** The hash of a password that nobody has, with the cost above. */
export const NOBODYS_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$gXFUA0ptMAHYL34a+sqznsDKsCBCXotmnLKfaC+zSiE$G4SYPoFmSYfom3uiuYeP/7UJ/pWM1dDUX9lnlsEw1Ik'

export const hashPassword = (password: string): Promise<string> =>
  Bun.password.hash(normalizePassword(password), COST)

/**
 * Whether `password` belongs to `hash`. Without a hash (nobody has that name) the same work is done for nothing, so
 * that the time tells no one which names exist; likewise for text that cannot be a password.
 */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const isPossible = password !== '' && password.length <= PASSWORD_CHARS.max
  const candidate = isPossible ? normalizePassword(password) : 'x'
  return (await Bun.password.verify(candidate, hash ?? NOBODYS_HASH)) && isPossible && hash !== undefined
}
