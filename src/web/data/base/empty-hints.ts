import type { Search } from './search.ts'

/** What a person can do about a table without rows. */
export function emptyHint(search: Search, isEditable: boolean): string {
  switch (search.kind) {
    case 'text':
      return 'No item has exactly this value. To search for a part of a text, write a query with ?contains.'
    case 'query':
      return 'No item matches this query.'
    case 'all':
      return isEditable ? 'This Base is empty. Add the first items.' : 'This Base is empty.'
  }
}
