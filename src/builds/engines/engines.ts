import type { Engine } from '../../spacefile/index.ts'
import type { EngineBuilder } from '../micro-build.ts'
import { buildCustom } from './custom.ts'
import { buildNodejs } from './nodejs.ts'
import { singlePage } from './single-page.ts'
import { buildStatic } from './static.ts'

/** The builder of each family; null for one that this server cannot build yet. */
export const ENGINES: Readonly<Record<Engine['family'], EngineBuilder | null>> = {
  static: buildStatic,
  react: singlePage(['build', 'dist']),
  vue: singlePage(['dist']),
  svelte: singlePage(['dist', 'public', 'build']),
  nodejs: buildNodejs,
  custom: buildCustom,
  next: null,
  nuxt: null,
  'svelte-kit': null,
  python: null,
  bun: null,
  deno: null,
}
