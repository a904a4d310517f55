/**
 * The Spacefile: YAML text to a validated model. Owns the format (COMPAT 2), its defaults and its diagnostics,
 * and what belongs to a project folder: detection of micros and `.spaceignore`.
 * Pure: it never reads a file, never throws for what a user wrote, and knows nothing of servers.
 */
export { formatDiagnostics } from './format-diagnostics.ts'
export type { ActionSpec, Diagnostic, Engine, EnvPreset, MicroSpec, Spacefile } from './model.ts'
export { parseSpacefile } from './parse.ts'
export type { ParsedSpacefile, ParseOptions } from './parse.ts'
