import { openMap, readBoolean, readList, readText, type Fields } from './fields.ts'
import type { EnvPreset } from './model.ts'
import { looksLikeSecret } from './secret.ts'
import type { Item } from './tree.ts'

export interface Presets {
  readonly env: readonly EnvPreset[]
  readonly apiKeys: boolean
}

/** `presets` of a micro (COMPAT 2.2). */
export function readPresets(micro: Fields): Presets {
  const entry = micro.get('presets')
  if (entry === undefined) return { env: [], apiKeys: false }
  const known = ['env', 'api_keys']
  const fields = openMap(entry.value, `\`presets\` of ${micro.label}`, { known, required: [] }, micro.report)
  if (fields === null) return { env: [], apiKeys: false }
  return { env: readEnv(fields), apiKeys: readBoolean(fields, 'api_keys') ?? false }
}

function readEnv(presets: Fields): EnvPreset[] {
  const items = readList(presets, 'env') ?? []
  const names = new Set<string>()
  const env: EnvPreset[] = []
  for (const [index, item] of items.entries()) {
    const preset = readPreset(item, `entry ${index + 1} of \`env\``, presets)
    if (preset === null) continue
    if (names.has(preset.name)) presets.report.warning(item.at, `\`${preset.name}\` is listed twice`)
    names.add(preset.name)
    env.push(preset)
  }
  return env
}

function readPreset(item: Item, label: string, presets: Fields): EnvPreset | null {
  const { report } = presets
  const keys = { known: ['name', 'description', 'default'], required: ['name'] }
  const fields = openMap(item, label, keys, report)
  if (fields === null) return null
  const name = readText(fields, 'name')
  const description = readText(fields, 'description') ?? ''
  const value = readText(fields, 'default') ?? ''
  if (name === null) return null
  const at = fields.get('name')!.value.at
  if (name === '' || /[=\s]/.test(name))
    report.error(
      at,
      `\`${name}\` is not a valid name of an environment variable`,
      'use letters, digits and `_`',
    )
  if (looksLikeSecret(name, value))
    report.warning(
      fields.get('default')!.value.at,
      `The default of \`${name}\` looks like a secret; everyone who installs the app receives it`,
      "remove the default and set the value in the app's settings",
    )
  return { name, description, default: value }
}
