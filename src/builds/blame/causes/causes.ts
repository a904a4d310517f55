import type { Cause } from '../cause.ts'
import { GYP } from './gyp.ts'
import { MACHINE } from './machine.ts'
import { MISSING_PROGRAMS } from './missing-programs.ts'
import { DOWNLOADS, OTHER_DOWNLOADS, REGISTRY } from './network.ts'
import { CODE, NODE } from './node.ts'
import { PYTHON, PYTHON_GENERAL } from './python.ts'
import { COMMANDS, TOOLS } from './tools.ts'

/** The first that matches is the cause: the special ones stand before the general ones. */
export const CAUSES: readonly Cause[] = [
  ...MACHINE,
  ...DOWNLOADS,
  ...GYP,
  ...OTHER_DOWNLOADS,
  ...NODE,
  ...REGISTRY,
  ...PYTHON,
  ...TOOLS,
  ...PYTHON_GENERAL,
  ...CODE,
  ...MISSING_PROGRAMS,
  ...COMMANDS,
]
