import type { Explanation } from '../../contract/index.ts'
import type { Cli } from '../context.ts'
import type { Colors } from '../output.ts'
import { printable } from '../printable.ts'
import { closeCommand } from './route-text.ts'
import { relativeTime } from '../time.ts'

/** An explanation for people: the outcome first, then the facts, then how to change it. */
export function explanationLines(
  explanation: Explanation,
  { command, out: { colors } }: Pick<Cli, 'command' | 'out'>,
): string[] {
  const { method, url, sentences, remedies } = explanation
  const facts = factsOf(explanation)
  const width = Math.max(...facts.map(([label]) => label.length))
  return [
    colors.bold(`${printable(method)} ${printable(url)}`),
    outcomeLine(explanation, colors),
    '',
    ...facts.map(([label, value]) => `  ${colors.dim(label.padEnd(width))}  ${value}`),
    ...titled('Why', sentences, colors),
    ...titled('How to change it', remedies, colors),
    ...closeLines(explanation, command, colors),
  ]
}

function outcomeLine({ outcome, at, refusal_id }: Explanation, { yellow, red }: Colors): string {
  const when = at ? ` ${relativeTime(at, Date.now())}` : ''
  switch (outcome) {
    case 'public':
      return yellow('● Public: allowed without signing in.')
    case 'refused':
      return red(refusal_id ? `✗ Refused${when}.` : '✗ Refused without credentials.')
    case 'malformed':
      return red(`✗ Invalid request: answered with 400${when}.`)
  }
}

function factsOf(explanation: Explanation): [label: string, value: string][] {
  const { path, canonical, instance, micro, mount } = explanation
  return [
    ['Path', pathText(canonical ?? path, explanation)],
    ...(canonical !== null && canonical !== path
      ? [['As received', printable(path)] as [string, string]]
      : []),
    ['App', `${printable(instance.app_name)} (${printable(instance.alias)})`],
    ...(micro
      ? [
          [
            'Micro',
            mount && mount !== '/' ? `${printable(micro)}, mounted at ${printable(mount)}` : printable(micro),
          ] as [string, string],
        ]
      : []),
    ['Rule', ruleText(explanation)],
    ['Credential', CREDENTIALS[explanation.credential]],
  ]
}

const pathText = (path: string, { is_plain, canonical }: Explanation) =>
  is_plain || canonical === null ? printable(path) : `${printable(path)}  (ambiguous spelling)`

const ruleText = ({ rule, is_plain }: Explanation) =>
  rule
    ? `${printable(rule.pattern)} of micro ${printable(rule.from)}${is_plain ? '' : ', which does not apply to this spelling'}`
    : 'none matches'

/** The command that closes the route without a push. */
function closeLines(
  { outcome, instance, micro, rule }: Explanation,
  command: string,
  colors: Colors,
): string[] {
  if (outcome !== 'public' || !micro || !rule) return []
  return [
    '',
    `Close it now: ${colors.bold(closeCommand(command, instance, { micro, pattern: rule.pattern }))}`,
  ]
}

const CREDENTIALS: Record<Explanation['credential'], string> = {
  none: 'none',
  key: 'an API key (X-Space-App-Key)',
  session: 'a signed-in session',
  app: "the app's own key",
}

const titled = (title: string, items: readonly string[], colors: Colors): string[] =>
  items.length === 0 ? [] : ['', colors.bold(title), ...items.map((item) => `  • ${printable(item)}`)]
