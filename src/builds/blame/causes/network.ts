import type { Cause } from '../cause.ts'

const PUSH = 'Then run: space push'
const UNREACHABLE =
  'ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|UND_ERR_CONNECT_TIMEOUT|fetch failed|socket hang up|getaddrinfo'

/**
 * Downloads by install scripts and builds from hosts other than the registry. Before the registry: they print the same
 * errors of the network.
 */
export const DOWNLOADS: readonly Cause[] = [
  {
    id: 'fonts',
    pattern:
      /Failed to fetch (?:font )?[`'"]?([^`'"\n]+?)[`'"]?(?: from Google Fonts|\.\n?\s*URL: https:\/\/fonts)|fonts\.g(?:oogleapis|static)\.com/,
    culprit: 'server',
    sentence: 'The build downloads fonts from Google, and this server cannot reach Google.',
    next: `Put the font files into the project (next/font/local), or give the server access to the internet. ${PUSH}`,
  },
  {
    id: 'prisma-engines',
    pattern: /binaries\.prisma\.sh|Failed to fetch (?:the engine file|sha256 checksum) at/,
    culprit: 'server',
    sentence:
      'Prisma downloads its engines from binaries.prisma.sh, and this server could not reach that host.',
    next: `Allow the server to reach it, or set PRISMA_ENGINES_MIRROR in the command. ${PUSH}`,
  },
  {
    id: 'puppeteer-browser',
    pattern: /Failed to set up chrom|puppeteer[^]*Failed to download chrom/i,
    culprit: 'app',
    sentence: 'Puppeteer could not download its browser. A micro is too small for a browser in any case.',
    next: `Use puppeteer-core with a browser service, or set PUPPETEER_SKIP_DOWNLOAD=1. ${PUSH}`,
  },
  {
    id: 'playwright-browser',
    pattern:
      /playwright[^]*(?:Failed to download|download failed)|cdn\.playwright\.dev|playwright\.azureedge\.net/i,
    culprit: 'app',
    sentence: 'Playwright could not download its browsers.',
    next: `Move Playwright to the tests that run on your machine, or set PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1. ${PUSH}`,
  },
  {
    id: 'cypress',
    pattern: /The Cypress App could not be downloaded|download\.cypress\.io/,
    culprit: 'app',
    sentence: 'Cypress could not download its program, which only tests need.',
    next: `Set CYPRESS_INSTALL_BINARY=0, or remove cypress from the dependencies. ${PUSH}`,
  },
  {
    id: 'electron',
    pattern:
      /electron[^]*(?:HTTPError|RequestError|ENOTFOUND|fetch failed)[^]*github\.com|node_modules\/electron[^]*install\.js/,
    culprit: 'app',
    sentence: 'Electron could not download its program, which a server cannot use.',
    next: `Remove electron from the dependencies of the micro. ${PUSH}`,
  },
  {
    id: 'sharp',
    pattern: /sharp: (?:Installation error|Downloading|Please see)|Could not load the "sharp" module/,
    culprit: 'app',
    sentence: 'sharp could not install its image library.',
    next: `Use sharp 0.33 or newer, which comes from the registry: npm install sharp@latest. ${PUSH}`,
  },
  {
    id: 'canvas',
    pattern: /node-pre-gyp[^]*canvas|Package pixman-1 was not found|(?:canvas|cairo)[^]*pangocairo/,
    culprit: 'server',
    sentence: 'canvas could not be downloaded, and the libraries to build it are not on this server.',
    next: `On the server, run: apt install build-essential libcairo2-dev libpango1.0-dev libjpeg-dev libgif-dev librsvg2-dev. ${PUSH}`,
  },
  {
    id: 'bcrypt',
    pattern: /node-pre-gyp[^]*bcrypt|bcrypt[^]*node-pre-gyp/,
    culprit: 'app',
    sentence: 'bcrypt could not download its compiled part.',
    next: `Use bcryptjs, which needs none, or bcrypt 6, which contains it. ${PUSH}`,
  },
]

/** After the compilers: a package that cannot be downloaded is compiled, and only if that fails too, the build fails. */
export const OTHER_DOWNLOADS: readonly Cause[] = [
  {
    id: 'prebuilt',
    pattern:
      /(?:prebuild-install|node-pre-gyp|node-gyp-build)[^]*(?:github\.com|ENOTFOUND|EAI_AGAIN|404|ECONN|timeout)/,
    culprit: 'server',
    sentence: 'A package could not download its compiled part, which is not in the registry.',
    next: `Give the server access to that host, or install a compiler on it: apt install build-essential python3. ${PUSH}`,
  },
  {
    id: 'corepack',
    pattern:
      /corepack[^]*(?:Error when performing the request|Internal Error|fetch failed)|Error when performing the request to[^]*corepack/i,
    culprit: 'server',
    sentence: 'corepack could not download the package manager.',
    next: `Remove the call of corepack from the commands: this server brings the package manager. ${PUSH}`,
  },
  {
    id: 'rustup',
    pattern: /sh\.rustup\.rs|static\.rust-lang\.org/,
    culprit: 'server',
    sentence: 'The command downloads Rust, and this server cannot reach its host.',
    next: `Install Rust on the server (rustup) and remove the download from the commands. ${PUSH}`,
  },
  {
    id: 'deno-download',
    pattern:
      /(?:resolve host|resolve host address|connect to|resolve hostname)[: ‘']*deno\.(?:land|com)|exited with code (?:6|7)\b[^]*curl [^\n]*deno\.land/,
    culprit: 'server',
    sentence: 'The command downloads Deno, and this server cannot reach its host.',
    next: `Remove the download: this server brings Deno when a command or \`run\` calls \`deno\`, or for the engine deno. ${PUSH}`,
  },
  {
    id: 'node-download',
    pattern:
      /(?:resolve host|resolve host address|connect to)[: ‘']*(?:nodejs\.org|deb\.nodesource\.com|bun\.sh|get\.pnpm\.io)/,
    culprit: 'server',
    sentence: 'The command downloads a runtime for JavaScript, and this server cannot reach its host.',
    next: `Remove the download: this server brings Node.js, Bun and package managers in the version that the project names. ${PUSH}`,
  },
  {
    id: 'git-clone',
    pattern:
      /fatal: unable to access '([^']+)'|Could not resolve host: (?!registry)(\S+)|ssh: Could not resolve hostname (\S+?):|unable to resolve host address [‘'"](\S+?)[’'"]|Failed to connect to (?!registry)(\S+) port/,
    culprit: 'server',
    sentence: 'A command could not reach $1$2$3$4$5 from this server.',
    next: `Allow the server to reach the host, or put the file into the project. ${PUSH}`,
  },
  {
    id: 'python-source',
    pattern:
      /(?:Git operation failed|failed to fetch into: [^]*|Failed to (?:download|fetch)[^`\n]*)[^]*?`?(https?:\/\/(?:github\.com|gitlab\.com|bitbucket\.org)\/[^\s`)]+)/,
    culprit: 'server',
    sentence: 'A package is listed by its address, $1, which this server could not reach.',
    next: `List the package of the Python index instead, or allow the server to reach the host. ${PUSH}`,
  },
  {
    id: 'silent-download',
    pattern: /exited with code (?:6|7|28|35)\b[^]*\$ [^\n]*\bcurl [^\n]*?https?:\/\/([^\s/'"]+)/,
    culprit: 'server',
    sentence: 'A command could not download from $1.',
    next: `Allow the server to reach the host, or put the file into the project. ${PUSH}`,
  },
  {
    id: 'script-download',
    pattern: new RegExp(`(?:node_modules/\\S+|postinstall|install\\.js)[^]{0,600}(?:${UNREACHABLE})`),
    culprit: 'server',
    sentence: 'The install script of a package downloads a file, and this server could not reach its host.',
    next: `The lines above name the host. Allow the server to reach it, or use a package that needs no download. ${PUSH}`,
  },
]

/** The registry itself. After what looks like it. */
export const REGISTRY: readonly Cause[] = [
  {
    id: 'registry-login',
    pattern:
      /npm (?:ERR!|error) code E401|ERR_PNPM_FETCH_401|401 Unauthorized|npm (?:ERR!|error) code E403|ERR_PNPM_FETCH_403/,
    culprit: 'app',
    sentence: 'The registry refused a package, because it is private or needs a login.',
    next: `Publish the package, or add a registry and its token to .npmrc. ${PUSH}`,
  },
  {
    id: 'registry-certificate',
    pattern:
      /UNABLE_TO_GET_ISSUER_CERT|SELF_SIGNED_CERT_IN_CHAIN|CERTIFICATE_VERIFY_FAILED|invalid peer certificate|certificate signed by unknown authority/,
    culprit: 'server',
    sentence: 'The certificate of the registry is not trusted on this server.',
    next: 'Start the server with NODE_EXTRA_CA_CERTS and SSL_CERT_FILE, which name the certificate of your authority. Then run: space push',
  },
  {
    id: 'registry-limit',
    pattern: /\b(?:E429|429 Too Many Requests|ERR_PNPM_FETCH_429)\b/,
    culprit: 'registry',
    sentence: 'The registry refuses this server for a while, because it asked too often.',
    next: 'Wait a few minutes. Then run: space push',
  },
  {
    id: 'registry-error',
    pattern:
      /npm (?:ERR!|error) code E50\d|ERR_PNPM_FETCH_50\d|50[0234] (?:Server Error|Bad Gateway|Service Unavailable|Gateway Time-?out)/,
    culprit: 'registry',
    sentence: 'The registry answered with an error of its own.',
    next: 'Wait a few minutes. Then run: space push',
  },
  {
    id: 'registry-unreachable',
    pattern: new RegExp(
      `\\b(?:${UNREACHABLE}|NewConnectionError|ConnectTimeoutError|NameResolutionError|ConnectionRefused)\\b|error sending request for url|dial tcp[^\\n]*(?:timeout|refused|no such host)|failed to lookup address|There was a problem.*network|Could not resolve host|spurious network error`,
    ),
    culprit: 'registry',
    sentence: 'This server could not reach the package registry.',
    next: "Check the server's network. Then run: space push",
  },
]
