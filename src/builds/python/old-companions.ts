import { allowsOnlyBefore } from '../vanished/choose-version.ts'
import type { TimeBound } from './code-of-its-time.ts'
import { parseRequirement } from './requirement.ts'

/** A package whose old versions fail with new versions of packages that they do not bound. */
interface OldPackage {
  readonly name: string
  /** The first version that does not need this. Missing: every version does. */
  readonly before?: string
  /** Constraints that make it work. */
  readonly needs: readonly string[]
}

/** Each fails by itself, for example at `import flask`, whatever the app does. Names are normalised (PEP 503). */
const OLD_PACKAGES: readonly OldPackage[] = [
  {
    name: 'flask',
    before: '2',
    needs: ['werkzeug<2.1', 'jinja2<3.1', 'itsdangerous<2.1', 'markupsafe<2.1', 'click<8.1'],
  },
  { name: 'flask', before: '2.2.5', needs: ['werkzeug<2.3'] },
  { name: 'flask-login', before: '0.6.3', needs: ['flask<3', 'werkzeug<3'] },
  { name: 'flask-sqlalchemy', before: '3', needs: ['flask<2.3', 'werkzeug<2.3', 'sqlalchemy<2'] },
  { name: 'flask-wtf', before: '1.2', needs: ['flask<3', 'werkzeug<3'] },
  { name: 'jinja2', before: '3', needs: ['markupsafe<2.1'] },
  { name: 'quart', before: '0.19', needs: ['werkzeug<3'] },
  { name: 'sanic', before: '23.3', needs: ['websockets<11'] },
  { name: 'streamlit', before: '1.22', needs: ['altair<5'] },
  { name: 'openai', before: '1.55.3', needs: ['httpx<0.28'] },
  // Its check of bcrypt fails with 5, and warns from 4.1 on.
  { name: 'passlib', needs: ['bcrypt<4.1'] },
]

/** Bounds that were missing, and lines for the build log. */
export interface OldCompanions {
  readonly constraints: readonly string[]
  readonly notices: readonly string[]
}

/**
 * Upper bounds for what old packages in `requirements` need, with those of `code`. A package that the project lists with a version keeps it.
 */
export function oldCompanions(
  requirements: readonly string[],
  bounded: readonly string[],
  code: readonly TimeBound[] = [],
): OldCompanions {
  const listed = requirements.map(parseRequirement)
  const versioned = new Set(
    [...listed, ...bounded.map(parseRequirement)]
      .filter(({ specifier }) => specifier !== '')
      .map(({ name }) => name),
  )
  const constraints = new Map<string | null, string>()
  const notices: string[] = []
  for (const { needs, notice } of code) {
    if (versioned.has(nameOf(needs))) continue
    constraints.set(nameOf(needs), needs)
    notices.push(notice)
  }
  for (const { name, before, needs } of OLD_PACKAGES) {
    const asked = listed.find((each) => each.name === name)
    if (asked === undefined || (before !== undefined && !allowsOnlyBefore(asked.specifier, before))) continue
    const added = needs.filter((need) => !versioned.has(nameOf(need)) && !constraints.has(nameOf(need)))
    if (added.length === 0) continue
    for (const need of added) constraints.set(nameOf(need), need)
    notices.push(`${name}${asked.specifier} fails with newer packages: installing ${added.join(', ')}`)
  }
  return { constraints: [...constraints.values()], notices }
}

const nameOf = (constraint: string): string | null => parseRequirement(constraint).name
