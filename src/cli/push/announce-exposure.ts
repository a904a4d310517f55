import { exposureLines } from '../access/exposure.ts'
import type { Exposure } from '../../contract/index.ts'
import type { Cli } from '../context.ts'
import { CliError } from '../failure.ts'
import { askYesNo } from '../prompts.ts'

/**
 * Shows what a push makes public before the code is sent, and asks once at a terminal. Enter alone means no.
 * Throws `cancelled` when the answer is no.
 */
export async function announceExposure(
  cli: Cli,
  exposure: Exposure,
  { isAgreed }: { readonly isAgreed: boolean },
): Promise<void> {
  for (const line of exposureLines(exposure, cli.err.colors)) cli.err.line(line)
  if (exposure.opens.length === 0 || isAgreed || !cli.isInteractive) return
  if (await askYesNo(cli, 'Make this public?', false)) return
  throw new CliError('cancelled', 'Nothing was pushed.', {
    hints: ['Remove it from public_routes, or confirm with: space push --yes'],
  })
}
