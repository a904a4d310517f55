import type { BuildContext } from '../build-context.ts'
import { BuildFailure } from '../failure.ts'
import { reasonOf } from './micro-tools.ts'

/** The major version that is given to all apps. */
const MAJOR = '2'

/** Gives a micro Deno, which it also runs on. Throws BuildFailure where Deno cannot be had. */
export async function addDeno(build: BuildContext): Promise<void> {
  const reason = await tryAddDeno(build)
  if (reason === null) return
  throw new BuildFailure(
    'system',
    `Micro \`${build.spec.name}\` runs on Deno, and this server cannot fetch Deno from the npm registry (${reason}). Check the server's network, then run: space push`,
  )
}

/** Returns why Deno cannot be had, or null. */
export async function tryAddDeno({ tools }: BuildContext): Promise<string | null> {
  const { store, fetching } = tools
  if (store === null) return 'this server fetches no tools'
  try {
    const [version] = await store.newest('deno', MAJOR, fetching)
    return await tools.add({ kind: 'deno', version: version! })
  } catch (error) {
    return reasonOf(error, fetching.signal)
  }
}
