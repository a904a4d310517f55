import { isProgressNoise } from './progress-noise.ts'

const TAIL_LINES = 40
const LINE_LENGTH = 500
/** Says what failed; a compiler may print hundreds of lines after it. */
const HEADLINE = /^(?:error|ERROR): |\bFailed to (?:build|download|prepare)\b/
const HEADLINES = 5

export interface OutputEnd {
  add(line: string): void
  text(): string
}

/** Keeps the last lines of a step without progress noise, and before them the first ones that say what failed. */
export function createOutputEnd(): OutputEnd {
  const tail: string[] = []
  const headlines: string[] = []
  return {
    add(line) {
      if (isProgressNoise(line) || tail.push(line.slice(0, LINE_LENGTH)) <= TAIL_LINES) return
      const dropped = tail.shift()!
      if (headlines.length < HEADLINES && HEADLINE.test(dropped)) headlines.push(dropped)
    },
    text: () => [...headlines, ...tail].join('\n'),
  }
}
