import { quote } from '../build-context.ts'
import { PYTHON_PACKAGES } from '../engines/python-packages.ts'
import { choosePython, LINK_PYTHON, NO_PYTHON } from './choose-python.ts'

/** Files of ours in the work folder, removed after the install. */
export const FILES = {
  requirements: '.ownspace-requirements.txt',
  constraints: '.ownspace-constraints.txt',
  buildConstraints: '.ownspace-build-constraints.txt',
}

export interface Install {
  readonly engine: string
  /** Folder of uv; null: pip installs. */
  readonly uv: string | null
  readonly target: string
  /** Arguments of both `uv pip install` and `pip install`; empty: only Python is set up. */
  readonly arguments: readonly string[]
  /** Requirements of packages that have to be built, for example an older setuptools. */
  readonly buildConstraints: boolean
}

/** Installs into `target` with uv, else with pip, and makes the chosen Python `python`. */
export function installScript(install: Install): string {
  return [
    'set -e',
    ...(install.uv === null ? [] : [`export PATH=${quote(`${install.uv}/bin`)}:"$PATH"`]),
    ...choosePython(install.engine),
    ...(install.arguments.length > 0 ? installLines(install) : []),
    ...LINK_PYTHON,
  ].join('\n')
}

function installLines({ uv, target, arguments: args, buildConstraints }: Install): string[] {
  const extra = buildConstraints
    ? [
        `export ${uv ? 'UV_BUILD_CONSTRAINT' : 'PIP_CONSTRAINT'}="$${uv ? 'UV_BUILD_CONSTRAINT' : 'PIP_CONSTRAINT'} $PWD/${FILES.buildConstraints}"`,
      ]
    : []
  return [
    ...extra,
    ...(uv === null ? pipLines(target, args) : uvLines(target, args)),
    // A program names the Python that installed it by its path; the app and its Python move.
    `for file in ${target}/bin/*; do if [ -f "$file" ] && head -c 2 "$file" | grep -q '#!' && head -n 1 "$file" | grep -q python; then sed -i '1s|^#!.*|#!/usr/bin/env python|' "$file"; fi; done`,
  ]
}

const pipLines = (target: string, args: readonly string[]): string[] => [
  `"$PY" -m pip --version >/dev/null 2>&1 || exit ${NO_PYTHON}`,
  `"$PY" -m pip install ${PIP_FLAGS} --upgrade --target ${target} ${args.join(' ')}`,
]

const PIP_FLAGS =
  '--no-input --disable-pip-version-check --no-warn-script-location --root-user-action ignore --progress-bar off'

/** uv has its own names for the settings of pip that reach builds. */
const uvLines = (target: string, args: readonly string[]): string[] => [
  'export UV_LINK_MODE=copy UV_SYSTEM_CERTS=true UV_NO_PROGRESS=1 UV_PYTHON_DOWNLOADS=never',
  '[ -z "$PIP_INDEX_URL" ] || export UV_DEFAULT_INDEX="${UV_DEFAULT_INDEX:-$PIP_INDEX_URL}"',
  '[ -z "$PIP_EXTRA_INDEX_URL" ] || export UV_INDEX="${UV_INDEX:-$PIP_EXTRA_INDEX_URL}"',
  // Compiled files stay valid when the files are copied: by default, their dates are compared.
  'export PYC_INVALIDATION_MODE=UNCHECKED_HASH',
  `uv pip install --python "$PY" --target ${target} --compile-bytecode ${args.join(' ')}`,
]

/** What this server sets so that commands and the app find the installed packages, and `pip install` adds to them. */
export const COMMANDS_PRELUDE = [
  `export PIP_TARGET="$PWD/${PYTHON_PACKAGES}"`,
  `export PATH="$PWD/${PYTHON_PACKAGES}/bin:$PATH" PYTHONPATH="$PWD/${PYTHON_PACKAGES}"`,
]
