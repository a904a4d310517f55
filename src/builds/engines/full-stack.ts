import { join } from 'node:path'
import { readPackageJson } from '../../spacefile/index.ts'
import { BuildFailure } from '../failure.ts'
import { installNodeDependencies } from '../install-dependencies.ts'
import { BUILD_LIMITS } from '../limits.ts'
import { runCommands, type BuildContext } from '../build-context.ts'
import { readAppFile } from '../read-app-file.ts'
import { copyPath, copyPaths } from '../copy-paths.ts'
import { copyWorkFolder, startIn } from '../copy-server-artifact.ts'
import { kindBelow } from '../kind-below.ts'
import { copyMember } from '../workspaces/copy-member.ts'
import type { BuiltMicro } from '../types.ts'

/** The result of a framework's build: its folder, its start command, and a hint for when it is missing. */
interface Result {
  /** Its folder, or the file that starts the server: checked, and named in the message. */
  readonly made: string
  readonly hint: string
  readonly command: string
  /** Copies the files that it needs at run time into the artifact. Returns the path in which the command runs. */
  readonly copy: (build: BuildContext) => Promise<string>
}

/** Next.js, `output: 'standalone'`: the traced server, with the assets that the Next.js documentation says to add. */
export const buildNext = (build: BuildContext): Promise<BuiltMicro> =>
  buildFullStack(build, {
    made: '.next/standalone',
    hint: "Set `output: 'standalone'` in next.config.js",
    // The server listens on the address in HOSTNAME, which inside a sandbox would be the sandbox's host name.
    command: 'HOSTNAME=0.0.0.0 node server.js',
    copy: async ({ workDir, artifactDir, path }) => {
      const standalone = `${workDir}/.next/standalone`
      // The server of a workspace's member is at the member's path.
      const place = (await kindBelow(standalone, `${path}/server.js`)) === 'file' ? path : '.'
      await copyPath(standalone, '.', artifactDir, true)
      for (const assets of ['.next/static', 'public'])
        if ((await kindBelow(workDir, assets)) === 'folder')
          await copyPath(workDir, assets, join(artifactDir, place), false)
      return place
    },
  })

/** Nuxt 3: the folder is self-contained. */
export const buildNuxt = (build: BuildContext): Promise<BuiltMicro> =>
  buildFullStack(build, {
    made: '.output/server/index.mjs',
    hint: 'Use the `node-server` preset of Nitro, or for a static site the engine `static` with `serve: .output/public`',
    command: 'node .output/server/index.mjs',
    copy: async () => {
      await copyPaths(build, ['.output'], { nodeModules: true })
      return '.'
    },
  })

/** SvelteKit with adapter-node, which bundles everything except the `dependencies` of package.json. */
export const buildSvelteKit = (build: BuildContext): Promise<BuiltMicro> =>
  buildFullStack(build, {
    made: 'build/index.js',
    hint: 'Use `@sveltejs/adapter-node` in svelte.config.js, or for a static site the engine `static` with `serve: build`',
    command: 'node build',
    copy: async () => {
      const needsModules = await hasRuntimeDependencies(build)
      const own = ['build', 'package.json']
      if (!needsModules || build.path === '.') {
        const modules = needsModules ? ['node_modules'] : []
        await copyPaths(build, [...own, ...modules], { nodeModules: needsModules })
        return '.'
      }
      await copyMember(build, (target) => copyPaths(build, own, { nodeModules: false, target }))
      return build.path
    },
  })

async function buildFullStack(build: BuildContext, result: Result): Promise<BuiltMicro> {
  const { name, commands, run, include } = build.spec
  await installNodeDependencies(build)
  await runCommands(build, commands.length > 0 ? commands : ['npm run build'])
  build.log('Packing...')
  // A custom `run` is relative to the whole project, so the whole project is copied.
  let place = build.path
  if (run !== null || include !== null) await copyWorkFolder(build)
  else if ((await kindBelow(build.workDir, result.made)) === null)
    throw new BuildFailure(
      'user',
      `The build of micro \`${name}\` did not create \`${result.made}\`. ${result.hint}.`,
    )
  else place = await result.copy(build)
  const command = startIn(place, run ?? result.command)
  return { name, kind: 'process', dir: name, command, env: {} }
}

async function hasRuntimeDependencies(build: BuildContext): Promise<boolean> {
  const text = await readAppFile(build.workDir, 'package.json', BUILD_LIMITS.packageJsonBytes)
  return text !== null && readPackageJson(text).runtimeDependencies.size > 0
}
