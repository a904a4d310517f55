/** A version constraint of Poetry (`^1.2`, `~1.2`, `1.2.*`, `>=1,<2`) as a specifier of PEP 440. */
export function poetrySpecifier(constraint: string): string {
  // Alternatives (`^1 || ^2`) cannot be one specifier: the last one is the newest.
  const last = constraint.split('||').at(-1)!.trim()
  if (last === '*' || last === '') return ''
  return last
    .split(/\s*,\s*|\s+(?=[<>=!~^])/)
    .map((part) => clause(part.trim()))
    .join(',')
}

function clause(part: string): string {
  const version = part.replace(/^[\^~=]+\s*/, '')
  if (part.startsWith('^')) return `>=${version},<${nextOf(version, caretPlace(version))}`
  if (part.startsWith('~') && !part.startsWith('~='))
    return `>=${version},<${nextOf(version, tildePlace(version))}`
  return /^\d/.test(part) ? `==${part}` : part
}

/** `^` keeps the first number that is not zero. */
function caretPlace(version: string): number {
  const numbers = version.split('.')
  const place = numbers.findIndex((number) => Number.parseInt(number) !== 0)
  return place === -1 ? numbers.length - 1 : place
}

const tildePlace = (version: string): number => (version.split('.').length === 1 ? 0 : 1)

function nextOf(version: string, place: number): string {
  const numbers = version.split('.').slice(0, place + 1)
  return [...numbers.slice(0, -1), Number.parseInt(numbers.at(-1)!) + 1].join('.')
}
