import type { DataKey } from '../../../contract/index.ts'
import { listed } from '../../ui/format.ts'

/** What a key may do: `reads the Base recipes`, `reads and writes all Bases and Drives`. */
export function limitsText({
  read_only: isReadOnly,
  bases,
  drives,
}: Pick<DataKey, 'read_only' | 'bases' | 'drives'>): string {
  const verb = isReadOnly ? 'reads' : 'reads and writes'
  if (bases === null && drives === null) return `${verb} all Bases and Drives`
  const parts = [partText('Base', bases), partText('Drive', drives)].filter((part) => part !== null)
  return `${verb} ${listed(parts)}`
}

function partText(noun: string, names: readonly string[] | null): string | null {
  if (names === null) return `all ${noun}s`
  if (names.length === 0) return null
  return `the ${noun}${names.length === 1 ? '' : 's'} ${listed(names)}`
}

/** Names that a person typed, separated by commas. */
export const namesIn = (text: string): string[] => [
  ...new Set(
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ),
]
