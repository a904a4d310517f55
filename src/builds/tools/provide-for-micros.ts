import type { ProvideTools } from '../../runner/index.ts'
import { ToolFailure } from './registry.ts'
import { parseToolName, toolTitle } from './tool-name.ts'
import type { ToolStore } from './tool-store.ts'

/** The tools that a revision names, for a start of one of its micros: fetched again when they have been evicted. */
export const provideForMicros =
  (store: ToolStore): ProvideTools =>
  async (names, runner, signal) => {
    try {
      return await store.provide(names, { runner, signal })
    } catch (error) {
      if (!(error instanceof ToolFailure)) throw error
      throw new Error(
        `${names.map(titleOf).join(' and ')}, which this app was built with, is not on this server any more and cannot be fetched from the npm registry (${error.message}). Check the server's network, then open the app again`,
        { cause: error },
      )
    }
  }

function titleOf(name: string): string {
  const tool = parseToolName(name)
  return tool === null ? name : toolTitle(tool)
}
