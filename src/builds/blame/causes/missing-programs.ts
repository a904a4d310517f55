import type { Cause } from '../cause.ts'

/** Programs that apps call, and the Debian packages that have them. */
const PACKAGES: readonly (readonly [program: string, packages: string])[] = [
  ['ruby|gem|irb', 'ruby-full'],
  ['bundle|bundler', 'ruby-bundler ruby-dev build-essential'],
  ['php', 'php-cli'],
  ['composer', 'composer'],
  ['java|javac|jar', 'default-jdk-headless'],
  ['mvn', 'maven'],
  ['gradle', 'gradle'],
  ['elixir|mix|iex', 'elixir'],
  ['erl|rebar3', 'erlang rebar3'],
  ['ghc|cabal', 'cabal-install'],
  ['perl|cpan', 'perl'],
  ['lua', 'lua5.4'],
  ['hugo', 'hugo'],
  ['pandoc', 'pandoc'],
  ['ffmpeg|ffprobe', 'ffmpeg'],
  ['convert|magick', 'imagemagick'],
  ['tesseract', 'tesseract-ocr'],
  ['pdftotext|pdftoppm', 'poppler-utils'],
  ['wget', 'wget'],
  ['curl', 'curl'],
  ['git', 'git'],
  ['unzip|zip', 'zip unzip'],
  ['xz', 'xz-utils'],
  ['7z', 'p7zip-full'],
  ['jq', 'jq'],
  ['make', 'build-essential'],
  ['cmake', 'cmake'],
  ['sqlite3', 'sqlite3'],
  ['psql', 'postgresql-client'],
  ['redis-server|redis-cli', 'redis'],
  ['nginx', 'nginx-light'],
  ['caddy', 'caddy'],
  ['rsync', 'rsync'],
  ['python', 'python-is-python3'],
  ['pip|pip3', 'python3-pip'],
]

/** `$1` is the program. */
export const MISSING_PROGRAMS: readonly Cause[] = PACKAGES.map(([programs, packages]) => ({
  id: `no-program-${programs.split('|')[0]}`,
  pattern: new RegExp(`(?:^|: |exec: )(${programs}): (?:command )?not found`, 'm'),
  culprit: 'server',
  sentence: 'The app needs the program `$1`, which is not on this server.',
  next: `On the server, run: apt install ${packages}. Then run: space push`,
}))
