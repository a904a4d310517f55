import type { AccountsTables } from '../people/index.ts'
import { endAppSessionsAt } from '../sessions/index.ts'
import type { AppsTables, DomainFinding, DomainProof } from '../projects/index.ts'
import type { Domain } from './domain-model.ts'
import { activateDomain, deleteDomain, listDueDomains, noteDomainCheck } from './domain-store.ts'
import type { DirectorySync } from '../directory-sync/index.ts'
import type { Database } from '../storage/index.ts'
import { HttpError } from '../kernel/http-error.ts'
import type { AppHosts } from '../instances/index.ts'
import type { TxtLookup } from './txt-lookup.ts'

/** Activates and removes custom domains. */
export interface Domains {
  /** Looks the proof up in DNS. When it is there, every gateway serves the instance under the domain when this resolves. */
  check(domain: Domain): Promise<void>
  /**
   * Activates a domain without proof, for names that no name server knows, such as `notes.lan`. The caller has checked
   * that the owner of the server asked for it. Throws 409 `in_use` when another app has the domain.
   */
  activateUnproved(domain: Domain): Promise<void>
  /** When this resolves, no gateway serves the domain, and its sessions and their open streams have ended. */
  remove(domain: Domain): Promise<void>
  /** Checks every domain whose next check is due. */
  checkDue(): Promise<void>
}

export interface DomainsDeps {
  readonly db: Database<AppsTables & AccountsTables>
  readonly hosts: AppHosts
  readonly sync: DirectorySync<AppsTables & AccountsTables>
  readonly lookUpTxt: TxtLookup
  readonly now: () => number
}

/** The TXT record that proves a domain (COMPAT 6.6). */
export const proofOf = ({ name, token }: Pick<Domain, 'name' | 'token'>) => ({
  name: `_deta.${name}`,
  value: `deta-verification=${token}`,
})

export function createDomains({ db, hosts, sync, lookUpTxt, now }: DomainsDeps): Domains {
  const activate = (domain: Domain, proof: DomainProof): Promise<void> =>
    sync.commit(async (commit) => {
      const loser = await activateDomain(commit, domain, { proof, nowMs: now() })
      if (loser !== null) await endAppSessionsAt(commit, domain.name)
    })

  const check = async (domain: Domain): Promise<void> => {
    if (domain.status.kind === 'active') return
    const finding = hosts.isReserved(domain.name) ? 'none' : await look(lookUpTxt, domain)
    if (finding === 'proved') await activate(domain, 'dns')
    else await noteDomainCheck(db, domain, { finding, nowMs: now() })
  }

  return {
    check,
    activateUnproved: (domain) => activate(domain, 'owner'),
    remove: (domain) =>
      sync.commit(async (commit) => {
        const { status, name } = await deleteDomain(commit, domain)
        // While a domain waits for its proof, its host may belong to another app.
        if (status.kind === 'active') await endAppSessionsAt(commit, name)
      }),
    async checkDue() {
      await Promise.all((await listDueDomains(db, now())).map((domain) => check(domain).catch(ignoreRemoved)))
    },
  }
}

async function look(lookUpTxt: TxtLookup, domain: Domain): Promise<DomainFinding | 'proved'> {
  const { name, value } = proofOf(domain)
  const answer = await lookUpTxt(name)
  if (answer.kind === 'no-answer') return 'no-answer'
  if (answer.values.includes(value)) return 'proved'
  return answer.values.length > 0 ? 'others' : 'none'
}

/** The owner has removed the domain during the look-up. */
function ignoreRemoved(error: unknown): void {
  if (!(error instanceof HttpError && error.status === 404)) throw error
}
