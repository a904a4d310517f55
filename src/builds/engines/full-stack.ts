import { readPackageJson } from '../../spacefile/index.ts'
import { BuildFailure } from '../failure.ts'
import { installNodeDependencies } from '../install-dependencies.ts'
import { BUILD_LIMITS } from '../limits.ts'
import { runCommands, type BuildContext } from '../build-context.ts'
import { readAppFile } from '../read-app-file.ts'
import { kindBelow, shipPath, shipPaths, shipWorkFolder } from '../copy-server-artifact.ts'
import type { BuiltMicro } from '../types.ts'

/** What a framework's build leaves: where it is, how it starts, and what to say when it is not there. */
interface Result {
  /** Names it, for `stat` and for the message. */
  readonly folder: string
  readonly hint: string
  readonly command: string
  /** Puts what it needs to run into the revision. */
  readonly ship: (build: BuildContext) => Promise<void>
}

/** Next.js, `output: 'standalone'`: the traced server, with the assets that its documentation says to add. */
export const buildNext = (build: BuildContext): Promise<BuiltMicro> =>
  buildFullStack(build, {
    folder: '.next/standalone',
    hint: "Set `output: 'standalone'` in next.config.js",
    // The server listens on what HOSTNAME says, and inside a sandbox that is the sandbox's own name.
    command: 'HOSTNAME=0.0.0.0 node server.js',
    ship: async ({ workDir, shipDir }) => {
      await shipPath(`${workDir}/.next/standalone`, '.', shipDir, true)
      for (const assets of ['.next/static', 'public'])
        if ((await kindBelow(workDir, assets)) === 'folder') await shipPath(workDir, assets, shipDir, false)
    },
  })

/** Nuxt 3: a folder that needs nothing else. */
export const buildNuxt = (build: BuildContext): Promise<BuiltMicro> =>
  buildFullStack(build, {
    folder: '.output/server',
    hint: 'The build has to use the `node-server` preset of Nitro',
    command: 'node .output/server/index.mjs',
    ship: () => shipPaths(build, ['.output'], { nodeModules: true }),
  })

/** SvelteKit with adapter-node, which bundles all but what package.json lists under `dependencies`. */
export const buildSvelteKit = (build: BuildContext): Promise<BuiltMicro> =>
  buildFullStack(build, {
    folder: 'build',
    hint: 'Use `@sveltejs/adapter-node` in svelte.config.js',
    command: 'node build',
    ship: async () => {
      const needsModules = await hasRuntimeDependencies(build)
      const modules = needsModules ? ['node_modules'] : []
      await shipPaths(build, ['build', 'package.json', ...modules], { nodeModules: needsModules })
    },
  })

async function buildFullStack(build: BuildContext, result: Result): Promise<BuiltMicro> {
  const { name, commands, run, include } = build.spec
  await installNodeDependencies(build)
  await runCommands(build, commands.length > 0 ? commands : ['npm run build'])
  build.log('Packing...')
  // Who says how it starts also says it relative to the whole project.
  if (run !== null || include !== null) await shipWorkFolder(build)
  else if ((await kindBelow(build.workDir, result.folder)) !== 'folder')
    throw new BuildFailure(
      'user',
      `The build of micro \`${name}\` left no folder \`${result.folder}\`. ${result.hint}.`,
    )
  else await result.ship(build)
  return { name, kind: 'process', dir: name, command: run ?? result.command, env: {} }
}

async function hasRuntimeDependencies(build: BuildContext): Promise<boolean> {
  const text = await readAppFile(build.workDir, 'package.json', BUILD_LIMITS.packageJsonBytes)
  return text !== null && readPackageJson(text).runtimeDependencies.size > 0
}
