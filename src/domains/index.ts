/**
 * Custom domains of an instance: name, DNS proof, activation and removal. Never answers requests. Start reading at
 * domain-service.ts.
 */
export { createDomains, type Domains, proofOf } from './domain-service.ts'
export type { Domain, DomainStatus } from './domain-model.ts'
export { parseDomainName } from './domain-name.ts'
export { addDomain, listDomainNames, listDomains, requireDomain } from './domain-store.ts'
export { startDomainChecks } from './proof-checks.ts'
export { createTxtLookup, type TxtLookup } from './txt-lookup.ts'
