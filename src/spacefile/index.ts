/**
 * The Spacefile: YAML text to a validated model. Owns the format (COMPAT 2), its defaults and its diagnostics,
 * and two subjects of project folders: detection of micros and `.spaceignore`. Pure: never reads a file, never throws
 * for a user's mistake, and knows nothing of servers. Start reading at `parse.ts`.
 */
export { detectMicros } from './detect.ts'
export type { DetectedMicro, ProjectListing } from './detect.ts'
export { formatDiagnostics } from './format-diagnostics.ts'
export { createIgnore } from './ignore.ts'
export { readPackageJson } from './package-json.ts'
export type { PackageJson } from './package-json.ts'
export type { ActionSpec, Diagnostic, Engine, EnvPreset, MicroSpec, Spacefile } from './model.ts'
export { parseSpacefile } from './parse.ts'
export type { ParsedSpacefile, ParseOptions } from './parse.ts'
export type { CheckRoutes, RouteFinding } from './routes.ts'
export { writeSpacefile } from './write.ts'
