import type { LostPackage } from './lost-packages.ts'

const FIELDS = ['dependencies', 'devDependencies', 'optionalDependencies']

/** A package.json in which exact versions of lost packages allow newer ones, or null when it names none exactly. */
export function relaxManifest(
  text: string,
  lost: readonly LostPackage[],
): { readonly text: string; readonly changes: readonly string[] } | null {
  const json = JSON.parse(text) as Record<string, unknown>
  const changes: string[] = []
  for (const field of FIELDS) {
    const dependencies = json[field] as Record<string, unknown> | undefined
    for (const { name } of lost) {
      const version = dependencies?.[name]
      if (typeof version !== 'string' || !/^=?v?\d+\.\d+\.\d+[\w.+-]*$/.test(version)) continue
      dependencies![name] = `^${version.replace(/^=?v?/, '')}`
      changes.push(`${name} ${version} → ${String(dependencies![name])}`)
    }
  }
  return changes.length === 0 ? null : { text: `${JSON.stringify(json, null, 2)}\n`, changes }
}
