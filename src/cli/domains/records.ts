import type { Domain } from '../../contract/index.ts'
import { printable } from '../printable.ts'

/** The records that a person is to set, as lines of a zone file, aligned. */
export function recordLines({ records }: Domain): string[] {
  const widest = Math.max(...records.map(({ name }) => name.length))
  return records.map(({ type, name, value }) =>
    printable(`${name.padEnd(widest)}  ${type.padEnd(5)}  ${type === 'TXT' ? `"${value}"` : `${value}.`}`),
  )
}

/** What the last look for the proof has found, in a sentence. */
export function findingText(domain: Domain): string {
  const name = domain.records.find(({ type }) => type === 'TXT')?.name ?? 'its name'
  switch (domain.status === 'pending' ? domain.finding : null) {
    case 'none':
      return `There is no TXT record at ${name} yet.`
    case 'others':
      return `The TXT records at ${name} are others.`
    case 'no-answer':
      return 'No name server gave an answer.'
    default:
      return 'Its proof has not been looked for yet.'
  }
}
