import { normalizePassword, PASSWORD_CHARS } from './validate-person.ts'

/** OWASP's minimum cost: 34 ms and 19 MB per check, not on the main thread. */
const COST = { algorithm: 'argon2id', memoryCost: 19_456, timeCost: 2 } as const

/** Hash of an unused password, with the cost above. */
export const UNUSED_HASH =
  '$argon2id$v=19$m=19456,t=2,p=1$gXFUA0ptMAHYL34a+sqznsDKsCBCXotmnLKfaC+zSiE$G4SYPoFmSYfom3uiuYeP/7UJ/pWM1dDUX9lnlsEw1Ik'

export const hashPassword = (password: string): Promise<string> =>
  Bun.password.hash(normalizePassword(password), COST)

/**
 * Whether `password` belongs to `hash`. Without a hash (unknown name), and for invalid passwords, it does the same work,
 * so that the time does not reveal which names exist.
 */
export async function isPassword(password: string, hash: string | undefined): Promise<boolean> {
  const isPossible = password !== '' && password.length <= PASSWORD_CHARS.max
  const candidate = isPossible ? normalizePassword(password) : 'x'
  return (await Bun.password.verify(candidate, hash ?? UNUSED_HASH)) && isPossible && hash !== undefined
}
