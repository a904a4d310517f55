/**
 * Stand-ins for programs that install packages of the system: many apps call them in `commands`, and no build may. They
 * succeed when the packages are there already, and otherwise name those that are missing. Written by the shell inside
 * the sandbox, since the app can write to every folder outside it that a build sees.
 */

/** Begins the line that names the missing packages. */
const MISSING = 'This server lacks packages that the app installs:'

/** Programs of packages that are named otherwise. */
const PROGRAMS: Readonly<Record<string, string>> = {
  nodejs: 'node',
  golang: 'go',
  'golang-go': 'go',
  imagemagick: 'convert',
  'build-essential': 'make',
  python: 'python3',
  'python3-pip': 'pip3',
  'poppler-utils': 'pdftotext',
  'libimage-exiftool-perl': 'exiftool',
  'xz-utils': 'xz',
  'p7zip-full': '7z',
  'protobuf-compiler': 'protoc',
  ripgrep: 'rg',
}

const CASES = Object.entries(PROGRAMS)
  .map(([name, program]) => `      ${name}) program=${program} ;;`)
  .join('\n')

/** Every Debian package has a folder in /usr/share/doc; where it is missing, a program of the package counts. */
const APT = `#!/bin/sh
verb='' missing='' skip=''
for arg; do
  if [ -n "$skip" ]; then skip=''; continue; fi
  case $arg in
    -o|-c|-t|--option|--config-file|--target-release) skip=1 ;;
    -*) ;;
    *)
      if [ -z "$verb" ]; then verb=$arg; continue; fi
      name=\${arg%%[=/:]*}
      program=$name
      case $name in
${CASES}
      esac
      if [ ! -e "/usr/share/doc/$name" ] && ! command -v "$program" >/dev/null 2>&1; then missing="$missing $name"; fi ;;
  esac
done
if [ "$verb" != install ] || [ -z "$missing" ]; then exit 0; fi
echo "${MISSING}$missing" >&2
exit 100
`

const SUDO = `#!/bin/sh
while [ $# -gt 0 ]; do
  case $1 in
    --) shift; break ;;
    -u|-g|-h|-p|--user|--group) shift 2 ;;
    -*) shift ;;
    *) break ;;
  esac
done
exec env "$@"
`

/** Shell lines that put the stand-ins before the system's programs. They need a private /tmp. */
export const STAND_INS: string = [
  'ownspace_programs=$(mktemp -d)',
  ...Object.entries({ apt: APT, 'apt-get': APT, sudo: SUDO }).flatMap(([name, text]) => [
    `cat >"$ownspace_programs/${name}" <<'OWNSPACE_END'\n${text}OWNSPACE_END`,
    `chmod 755 "$ownspace_programs/${name}"`,
  ]),
  'export PATH="$ownspace_programs:$PATH"',
  // Where there is no sandbox, /tmp is the machine's.
  `trap 'rm -rf "$ownspace_programs"' EXIT`,
].join('\n')

/** The packages that a stand-in reported as missing in this output, or null. */
export function missingPackages(output: string): string | null {
  const line = output.split('\n').findLast((each) => each.startsWith(MISSING))
  const names = line?.slice(MISSING.length).trim()
  return names && /^[\w.+ -]+$/.test(names) ? names : null
}
