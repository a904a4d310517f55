import { join, relative } from 'node:path'
import { BUILD_LIMITS } from '../limits.ts'
import { readAppFile } from '../read-app-file.ts'
import { appFolders } from '../vanished/app-folders.ts'

/** What an app calls that a later version of a package has removed. */
interface OldCall {
  readonly pattern: RegExp
  /** For the log. */
  readonly what: string
  /** The constraint under which the call exists. */
  readonly needs: string
}

/** Only what fails for certain: a name that is gone, or arguments that mean something else now. */
const OLD_CALLS: readonly OldCall[] = [
  {
    pattern: /from pydantic import [^\n]*\bBaseSettings\b|\bconstr\([^)\n]*\bregex=/,
    what: 'pydantic 1',
    needs: 'pydantic<2',
  },
  {
    pattern: /\bTemplateResponse\(\s*f?["']/,
    what: 'TemplateResponse with the name first',
    needs: 'starlette<1',
  },
  {
    pattern: /from telegram\.ext import [^\n]*\b(?:Dispatcher|Filters)\b/,
    what: 'python-telegram-bot 13',
    needs: 'python-telegram-bot<20',
  },
  {
    pattern: /from aiogram(?:\.utils import executor|\.dispatcher\.filters)/,
    what: 'aiogram 2',
    needs: 'aiogram<3',
  },
  {
    pattern: /from flask import [^\n]*\b(?:Markup|escape)\b|\.before_first_request\b/,
    what: 'Flask before 2.3',
    needs: 'flask<2.3',
  },
  {
    pattern: /\bopenai\.(?:ChatCompletion|Completion|Image|Embedding)\.(?:a?create)\b/,
    what: 'openai before 1',
    needs: 'openai<1',
  },
  { pattern: /\bImage\.ANTIALIAS\b|\.textsize\(/, what: 'Pillow before 10', needs: 'pillow<10' },
  { pattern: /from moviepy\.editor import|import moviepy\.editor/, what: 'moviepy 1', needs: 'moviepy<2' },
  { pattern: /\bgr\.(?:inputs|outputs)\./, what: 'gradio before 4', needs: 'gradio<4' },
]

/** More files than these are not read. */
const MAX_FILES = 500

export interface TimeBound {
  readonly needs: string
  readonly notice: string
}

/** Bounds for packages of which the code of a project uses an old version. Call it before any code of the app has run. */
export async function codeOfItsTime(dir: string): Promise<readonly TimeBound[]> {
  const found = new Map<string, TimeBound>()
  let files = 0
  for await (const folder of appFolders(dir)) {
    if (folder.isPackages) continue
    for (const name of [...folder.names].filter((each) => each.endsWith('.py')).sort()) {
      if (++files > MAX_FILES) return [...found.values()]
      const text = (await readAppFile(folder.dir, name, BUILD_LIMITS.packageJsonBytes)) ?? ''
      const path = join(relative(dir, folder.dir), name)
      for (const { pattern, what, needs } of OLD_CALLS)
        if (!found.has(needs) && pattern.test(text))
          found.set(needs, { needs, notice: `${path} uses ${what}: installing ${needs}` })
    }
  }
  return [...found.values()]
}
