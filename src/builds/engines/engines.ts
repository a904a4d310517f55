import type { Engine } from '../../spacefile/index.ts'
import type { EngineBuilder } from '../build-context.ts'
import { buildCustom } from './custom.ts'
import { buildDeno } from './deno.ts'
import { buildNext, buildNuxt, buildSvelteKit } from './full-stack.ts'
import { buildBun, buildNodejs } from './nodejs.ts'
import { buildPython } from './python.ts'
import { singlePage } from './single-page.ts'
import { buildStatic } from './static.ts'

/** The builder of each family. */
export const ENGINES: Readonly<Record<Engine['family'], EngineBuilder>> = {
  static: buildStatic,
  react: singlePage(['build', 'dist', 'out']),
  vue: singlePage(['dist', 'build']),
  svelte: singlePage(['dist', 'public', 'build']),
  nodejs: buildNodejs,
  custom: buildCustom,
  next: buildNext,
  nuxt: buildNuxt,
  'svelte-kit': buildSvelteKit,
  python: buildPython,
  bun: buildBun,
  deno: buildDeno,
}
