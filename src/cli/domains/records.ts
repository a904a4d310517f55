import type { Domain } from '../../contract/index.ts'
import { printable } from '../printable.ts'

/** The DNS records to add, as aligned lines of a zone file. */
export function recordLines({ records }: Domain): string[] {
  const widest = Math.max(...records.map(({ name }) => name.length))
  return records.map(({ type, name, value }) =>
    printable(`${name.padEnd(widest)}  ${type.padEnd(5)}  ${type === 'TXT' ? `"${value}"` : `${value}.`}`),
  )
}

/** The result of the last verification, in a sentence. */
export function findingText(domain: Domain): string {
  const name = domain.records.find(({ type }) => type === 'TXT')?.name ?? 'its name'
  switch (domain.status === 'pending' ? domain.finding : null) {
    case 'none':
      return `There is no TXT record at ${name} yet.`
    case 'others':
      return `${name} has TXT records, but not the expected one.`
    case 'no-answer':
      return 'No name server answered.'
    default:
      return 'It has not been checked yet.'
  }
}
