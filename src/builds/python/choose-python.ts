import { PYTHON_PACKAGES, PYTHON_RUNTIME } from '../engines/python-packages.ts'

/** Exit code of a script that finds no Python. */
export const NO_PYTHON = 69

/**
 * Shell lines that set PY to the Python that the engine names: of this machine, else one that uv downloads into the app
 * (the same runs it later), else the next newer one of this machine, which the log reports. A link makes it `python` for
 * the app, in builds and at run time.
 */
export function choosePython(engine: string): string[] {
  const minor = /^python3\.(\d+)$/.exec(engine)?.[1]
  const wanted = minor === undefined ? 'python3' : `python3.${minor}`
  return [
    `PY=$(command -v ${wanted} || true)`,
    ...(minor === undefined ? [] : download(`3.${minor}`)),
    ...(minor === undefined ? [] : nextNewer(Number(minor))),
    `[ -n "$PY" ] || PY=$(command -v python3 || true)`,
    `[ -n "$PY" ] || exit ${NO_PYTHON}`,
    `PYTHON_IS="$("$PY" --version)"`,
    `case "$PYTHON_IS" in "Python ${wanted.slice('python'.length)}"*) echo "Using $PYTHON_IS" ;; *) echo "${wanted} is not on this server and could not be downloaded: using $PYTHON_IS" ;; esac`,
  ]
}

/** The folder is bounded by the limits of the micro; what only developers of Python need is removed. */
function download(version: string): string[] {
  const found = `$(ls -d ${PYTHON_RUNTIME}/cpython-${version}*/bin/python${version} 2>/dev/null | head -n 1)`
  const install = `uv python install ${version} --install-dir ${PYTHON_RUNTIME} --no-bin`
  return [
    'if [ -z "$PY" ] && command -v uv >/dev/null; then',
    `  UV_HTTP_RETRIES=1 timeout 120 ${install} >/dev/null 2>&1 || true`,
    `  PY="${found}"`,
    `  if [ -n "$PY" ]; then PY="$PWD/$PY"; for dir in test idlelib tkinter turtledemo ensurepip; do rm -rf ${PYTHON_RUNTIME}/cpython-*/lib/python3*/$dir; done; else rm -rf ${PYTHON_RUNTIME}; fi`,
    'fi',
  ]
}

const NEWEST_MINOR = 15

function nextNewer(minor: number): string[] {
  const newer = Array.from({ length: NEWEST_MINOR - minor }, (_, at) => `python3.${minor + 1 + at}`)
  return newer.length === 0
    ? []
    : [`for name in ${newer.join(' ')}; do [ -n "$PY" ] || PY=$(command -v $name || true); done`]
}

/** Makes the chosen Python `python` for the app. A link into the app is relative, because the app moves. */
export const LINK_PYTHON = [
  // After the install: if the folder exists before, pip does not install the programs of packages into it.
  `mkdir -p ${PYTHON_PACKAGES}/bin`,
  `case "$PY" in "$PWD"/*) LINK="../../\${PY#"$PWD"/}" ;; *) LINK="$PY" ;; esac`,
  `ln -sf "$LINK" ${PYTHON_PACKAGES}/bin/python`,
]
