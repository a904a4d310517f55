import type { Cause } from '../cause.ts'
import { MISSING_PROGRAMS } from './missing-programs.ts'
import { CODE, NODE } from './node.ts'
import { PYTHON, PYTHON_GENERAL } from './python.ts'
import { COMMANDS, TOOLS } from './tools.ts'

const PUSH = 'Then run: space push'

/** What only a start can show. Before the causes of builds: they would blame an install for the same lines. */
const ONLY_STARTS: readonly Cause[] = [
  {
    id: 'start-memory',
    pattern: /ran out of memory \(limit (\d+) MB\)/,
    culprit: 'app',
    sentence: 'The app used more memory than a micro may have ($1 MB).',
    next: 'Load less at the start, or ask the administrator for more memory for apps.',
  },
  {
    id: 'start-port-in-use',
    pattern: /EADDRINUSE|[Aa]ddress (?:is )?already in use|AddrInUse/,
    culprit: 'app',
    sentence: 'The app opens the same port twice.',
    next: `Start one server only, for example not in the code and by \`run\` as well. ${PUSH}`,
  },
  {
    id: 'start-low-port',
    pattern: /EACCES: permission denied[^\n]*:(\d{1,3})\b|bind[^\n]*:(\d{1,3}): (?:bind: )?permission denied/,
    culprit: 'app',
    sentence: 'The app opens port $1$2, which only the system may open.',
    next: `Listen on the port in the PORT environment variable. ${PUSH}`,
  },
  {
    id: 'start-read-only',
    pattern:
      /(?:EROFS|Read-only file system)[^\n]*?(?:['"‘]([^'"’\n]+)['"’]|$)|open (\S+): read-only file system/im,
    culprit: 'app',
    sentence: 'The app writes to its own files, which are read-only: $1$2.',
    next: `Keep data in Base or Drive, and temporary files in /tmp. ${PUSH}`,
  },
  {
    id: 'start-asgi-app',
    pattern:
      /Could not import module "([\w.]+)"|Attribute "(\w+)" not found in module|Failed to find attribute '(\w+)' in|cannot import name '(app)' from 'main'/,
    culprit: 'app',
    sentence: 'The server of the app does not find its application: `$1$2$3$4`.',
    next: `Check the file and the name in \`run\`, for example \`uvicorn main:app\` for \`app\` in main.py, and that .spaceignore does not exclude the file. ${PUSH}`,
  },
  {
    id: 'deta-micros',
    pattern: /cannot import name '(App|app)' from 'deta'/,
    culprit: 'app',
    sentence: 'The code was written for Deta Micros: `deta.$1` does not exist on Deta Space or here.',
    next: `Serve the framework's own app, for example \`app = FastAPI()\`. ${PUSH}`,
  },
  {
    id: 'start-own-module',
    pattern: /ModuleNotFoundError: No module named '(main|app|src|server|wsgi|asgi)'/,
    culprit: 'app',
    sentence: 'The file or folder of the module `$1` is not in the app.',
    next: `Check the name in \`run\`, also upper and lower case, and .spaceignore. ${PUSH}`,
  },
  {
    id: 'pydantic-2',
    pattern: /pydantic\.errors\.PydanticImportError|PydanticUserError|has been (?:moved to|removed in V2)/,
    culprit: 'app',
    sentence: 'The code was written for pydantic 1, and pydantic 2 is installed.',
    next: `List \`pydantic<2\` in requirements.txt. ${PUSH}`,
  },
  {
    id: 'own-import',
    pattern:
      /ImportError: cannot import name '(\w+)' from (?:partially initialized module )?'([\w.]+)' \((?:most likely|\/app\/(?!\.python_packages)[^\n]*)/,
    culprit: 'app',
    sentence: 'The module `$2` of the app has no `$1`, or two modules import each other.',
    next: `Correct the import. ${PUSH}`,
  },
  {
    id: 'python-drift',
    pattern:
      /AttributeError: (?:partially initialized )?module '([\w.]+)' has no attribute '(\w+)'|TypeError: \S*?(?:__init__|\w+)\(\) got an unexpected keyword argument '(\w+)'/,
    culprit: 'app',
    sentence: 'The code uses `$1$3` in a way that the installed version of a package does not have.',
    next: `Pin the version that the app was written for, or install the versions of that time: put exclude-newer = "2023-06-01" under [tool.uv] in pyproject.toml. ${PUSH}`,
  },
  {
    id: 'shared-library',
    pattern:
      /error while loading shared libraries: ([\w.+-]+)|ImportError: ([\w.+-]+\.so[\w.]*): cannot open shared object/,
    culprit: 'server',
    sentence: 'The app needs the library $1$2, which is not on this server.',
    next: 'On the server, install the package that has it (apt-file search <library> names it). For OpenCV, list opencv-python-headless instead. Then run: space push',
  },
  {
    id: 'glibc',
    pattern: /version `(GLIBC(?:XX)?_[\d.]+)' not found/,
    culprit: 'app',
    sentence: 'The program was built for a newer system than this server ($1).',
    next: `Build it in \`commands\`, or link it statically. ${PUSH}`,
  },
  {
    id: 'wrong-machine',
    pattern: /[Ee]xec format error|cannot execute binary file|invalid ELF header|wrong ELF class/,
    culprit: 'app',
    sentence: 'A program in the app was built for another kind of machine.',
    next: `Build it in \`commands\`, or upload the one for Linux and this processor. ${PUSH}`,
  },
  {
    id: 'node-abi',
    pattern: /was compiled against a different Node\.js version|NODE_MODULE_VERSION/,
    culprit: 'app',
    sentence: 'A compiled package was built for another version of Node.js.',
    next: 'Build it again: space push --rebuild',
  },
  {
    id: 'next-no-build',
    pattern: /Could not find a production build in the '([^']+)' directory/,
    culprit: 'app',
    sentence: 'Next.js has not been built: $1 is not there.',
    next: `Use the engine next, or add \`npm run build\` to \`commands\`. ${PUSH}`,
  },
  {
    id: 'start-variable',
    pattern:
      /os\.environ(?:\[|\b)[^]*KeyError: '([A-Za-z_]\w*)'|from_key_value[^]*KeyError: '([A-Z_]\w*)'|decouple\.UndefinedValueError: (\w+) not found/,
    culprit: 'app',
    sentence: 'The app needs the environment variable `$1$2$3`, which is not set.',
    next: `Add it to \`presets.env\` of the micro, with a default so that the app starts before you set its value in Home. ${PUSH}`,
  },
  {
    id: 'missing-package',
    pattern:
      /ERR_MODULE_NOT_FOUND[^]*?Cannot find package '([^']+)'|Cannot find package '([^']+)' imported from/,
    culprit: 'app',
    sentence: 'The package `$1$2` is not installed.',
    next: `Add it to \`dependencies\` in package.json. ${PUSH}`,
  },
]

/** What is left when the output tells nothing. */
const SILENT_STARTS: readonly Cause[] = [
  {
    id: 'start-ended',
    pattern: /^exited with code 0$/m,
    culprit: 'app',
    sentence: 'The program ended by itself, and a micro has to keep running.',
    next: `Start a web server in \`run\` that listens on the port in the PORT environment variable. ${PUSH}`,
  },
  {
    id: 'start-silent',
    pattern: /^did not listen on \$PORT within \S+ s$/m,
    culprit: 'app',
    sentence: 'No program of the app opened the port.',
    next: `Start a web server that listens on 0.0.0.0 and the port in the PORT environment variable. ${PUSH}`,
  },
]

const AT_START = new Set([
  'esm-required',
  'import-outside-module',
  'openssl-legacy',
  'missing-script',
  'no-package-manager',
  'wrong-interpreter',
  'not-executable',
  'no-go',
  'no-cargo',
  'command-not-found',
  'command-not-named',
  'missing-program-file',
])

/** The first that matches is the cause of a micro that did not start. */
export const STARTS: readonly Cause[] = [
  ...ONLY_STARTS,
  ...PYTHON.filter(({ id }) => ['removed-from-python', 'python-syntax'].includes(id)),
  ...PYTHON_GENERAL.filter(({ id }) => ['import-failed', 'python-module', 'python-program'].includes(id)),
  ...[...NODE, ...TOOLS].filter(({ id }) => AT_START.has(id)),
  ...CODE.filter(({ id }) => ['missing-module', 'missing-variable', 'javascript-syntax'].includes(id)),
  ...MISSING_PROGRAMS,
  ...COMMANDS.filter(({ id }) => AT_START.has(id)),
  ...SILENT_STARTS,
]
