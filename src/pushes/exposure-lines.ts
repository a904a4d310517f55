import type { BuildExposure, MountedRoute } from '../exposure/index.ts'

/** The routes that a push opens and closes, for the log that every client shows. */
export function exposureLines({ opens, closes, warnings }: BuildExposure): string[] {
  return [
    ...opens.map((route) => `Becomes public: ${routeText(route)}`),
    ...closes.map((route) => `No longer public: ${routeText(route)}`),
    ...warnings.map(({ micro, pattern, message }) => `Warning: ${pattern} of ${micro}: ${message}`),
  ]
}

function routeText({ outside, micro, examples }: MountedRoute): string {
  const others = examples.filter((path) => path !== outside)
  return `${outside} (micro ${micro})${others.length > 0 ? `, such as ${others.join(', ')}` : ''}`
}
