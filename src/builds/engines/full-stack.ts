import { readPackageJson } from '../../spacefile/index.ts'
import { BuildFailure } from '../failure.ts'
import { installNodeDependencies } from '../install-dependencies.ts'
import { BUILD_LIMITS } from '../limits.ts'
import { runCommands, type BuildContext } from '../build-context.ts'
import { readAppFile } from '../read-app-file.ts'
import { copyPath, copyPaths, copyWorkFolder } from '../copy-server-artifact.ts'
import { kindBelow } from '../kind-below.ts'
import type { BuiltMicro } from '../types.ts'

/** The result of a framework's build: its folder, its start command, and a hint for when it is missing. */
interface Result {
  /** Its folder, which is checked and named in the message. */
  readonly folder: string
  readonly hint: string
  readonly command: string
  /** Copies the files that it needs at run time into the artifact. */
  readonly copy: (build: BuildContext) => Promise<void>
}

/** Next.js, `output: 'standalone'`: the traced server, with the assets that the Next.js documentation says to add. */
export const buildNext = (build: BuildContext): Promise<BuiltMicro> =>
  buildFullStack(build, {
    folder: '.next/standalone',
    hint: "Set `output: 'standalone'` in next.config.js",
    // The server listens on the address in HOSTNAME, which inside a sandbox would be the sandbox's host name.
    command: 'HOSTNAME=0.0.0.0 node server.js',
    copy: async ({ workDir, artifactDir }) => {
      await copyPath(`${workDir}/.next/standalone`, '.', artifactDir, true)
      for (const assets of ['.next/static', 'public'])
        if ((await kindBelow(workDir, assets)) === 'folder')
          await copyPath(workDir, assets, artifactDir, false)
    },
  })

/** Nuxt 3: the folder is self-contained. */
export const buildNuxt = (build: BuildContext): Promise<BuiltMicro> =>
  buildFullStack(build, {
    folder: '.output/server',
    hint: 'Use the `node-server` preset of Nitro',
    command: 'node .output/server/index.mjs',
    copy: () => copyPaths(build, ['.output'], { nodeModules: true }),
  })

/** SvelteKit with adapter-node, which bundles everything except the `dependencies` of package.json. */
export const buildSvelteKit = (build: BuildContext): Promise<BuiltMicro> =>
  buildFullStack(build, {
    folder: 'build',
    hint: 'Use `@sveltejs/adapter-node` in svelte.config.js',
    command: 'node build',
    copy: async () => {
      const needsModules = await hasRuntimeDependencies(build)
      const modules = needsModules ? ['node_modules'] : []
      await copyPaths(build, ['build', 'package.json', ...modules], { nodeModules: needsModules })
    },
  })

async function buildFullStack(build: BuildContext, result: Result): Promise<BuiltMicro> {
  const { name, commands, run, include } = build.spec
  await installNodeDependencies(build)
  await runCommands(build, commands.length > 0 ? commands : ['npm run build'])
  build.log('Packing...')
  // A custom `run` is relative to the whole project, so the whole project is copied.
  if (run !== null || include !== null) await copyWorkFolder(build)
  else if ((await kindBelow(build.workDir, result.folder)) !== 'folder')
    throw new BuildFailure(
      'user',
      `The build of micro \`${name}\` did not create the folder \`${result.folder}\`. ${result.hint}.`,
    )
  else await result.copy(build)
  return { name, kind: 'process', dir: name, command: run ?? result.command, env: {} }
}

async function hasRuntimeDependencies(build: BuildContext): Promise<boolean> {
  const text = await readAppFile(build.workDir, 'package.json', BUILD_LIMITS.packageJsonBytes)
  return text !== null && readPackageJson(text).runtimeDependencies.size > 0
}
