import type { Field } from '../../wire/index.ts'

/**
 * Whether every policy of a page (Content Security Policy, level 3) lets it load a script of its own origin. Policies that
 * list scripts one by one, by nonce or hash, are respected as they are meant: nothing is added. Report-only policies count
 * too, so that the app receives no reports about us.
 */
export function allowsOwnScript(fields: readonly Field[]): boolean {
  return fields.every(({ key, value }) => {
    if (key === 'integrity-policy') return false
    const isPolicy = key === 'content-security-policy' || key === 'content-security-policy-report-only'
    return !isPolicy || value.split(',').every(policyAllows)
  })
}

function policyAllows(policy: string): boolean {
  const directives = directivesOf(policy)
  if (directives.get('sandbox')?.includes('allow-scripts') === false) return false
  const sources =
    directives.get('script-src-elem') ?? directives.get('script-src') ?? directives.get('default-src')
  if (sources === undefined) return true
  return sources.some((source) => source === "'self'" || source === '*') && !sources.some(isOfOneScript)
}

/** The first directive of a name counts. */
function directivesOf(policy: string): ReadonlyMap<string, readonly string[]> {
  const directives = new Map<string, readonly string[]>()
  for (const directive of policy.toLowerCase().split(';')) {
    const [name = '', ...values] = directive.trim().split(/\s+/)
    if (!directives.has(name)) directives.set(name, values)
  }
  return directives
}

const isOfOneScript = (source: string): boolean => /^'(?:nonce-|sha\d+-|strict-dynamic')/.test(source)
