/**
 * The Spacefile: YAML text to a validated model. Owns the format (COMPAT 2), its defaults and its diagnostics.
 * Pure: it never reads a file, never throws for what a user wrote, and knows nothing of servers.
 */
export type { ActionSpec, Diagnostic, Engine, EnvPreset, MicroSpec, Spacefile } from './model.ts'
