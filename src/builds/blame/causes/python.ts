import type { Cause } from '../cause.ts'

const PUSH = 'Then run: space push'

export const PYTHON: readonly Cause[] = [
  {
    id: 'no-python',
    pattern: /exited with code 69\b/,
    culprit: 'server',
    sentence: 'This server has no Python 3 with pip.',
    next: 'On the server, run: apt install python3 python3-pip',
  },
  {
    id: 'postgres-library',
    pattern: /pg_config executable not found|libpq-fe\.h: No such file/,
    culprit: 'app',
    sentence: 'psycopg2 has to be compiled, and the PostgreSQL library is not on this server.',
    next: `List psycopg2-binary instead, or run on the server: apt install libpq-dev. ${PUSH}`,
  },
  {
    id: 'mysql-library',
    pattern: /mysql_config: not found|Can not find valid pkg-config name|mysqlclient[^]*pkg-config/,
    culprit: 'app',
    sentence: 'mysqlclient has to be compiled, and the MySQL library is not on this server.',
    next: `List PyMySQL instead, or run on the server: apt install libmysqlclient-dev. ${PUSH}`,
  },
  {
    id: 'cairo-library',
    pattern: /Dependency "cairo" not found|no library called "cairo/,
    culprit: 'server',
    sentence: 'A package needs the cairo library, which is not on this server.',
    next: `On the server, run: apt install libcairo2-dev. ${PUSH}`,
  },
  {
    id: 'xml-library',
    pattern: /libxml2 and libxslt development packages|libxml\/xpath\.h: No such file/,
    culprit: 'app',
    sentence: 'lxml has to be compiled for this Python, and its libraries are not on this server.',
    next: `List a newer lxml, or run on the server: apt install libxml2-dev libxslt1-dev. ${PUSH}`,
  },
  {
    id: 'python-headers',
    pattern: /Python\.h: No such file/,
    culprit: 'server',
    sentence: 'A package has to be compiled, and the headers of Python are not on this server.',
    next: `On the server, run: apt install python3-dev. ${PUSH}`,
  },
  {
    id: 'rust-for-python',
    pattern:
      /can't find Rust compiler|Cargo, the Rust package manager, is not installed|rustc.*is not installed or not on PATH/,
    culprit: 'app',
    sentence: 'A package has no compiled version for this Python, and needs Rust to be built.',
    next: `List a newer version of the package, choose an older engine (python3.9), or install Rust on the server. ${PUSH}`,
  },
  {
    id: 'no-version-for-python',
    pattern:
      /Requires-Python|requires-python|requires a different Python|depends on Python(?:>|<|=|~)|does not satisfy Python|Ignored the following versions that require a different python/,
    culprit: 'app',
    sentence: 'A package has no version for the Python of this micro.',
    next: `Change the version of the package, or the engine (python3.9 to python3.13). ${PUSH}`,
  },
  {
    id: 'python-hash',
    pattern:
      /THESE PACKAGES DO NOT MATCH THE HASHES|Hash mismatch for|hashes are required|Hashes are required in --require-hashes/i,
    culprit: 'app',
    sentence: 'A downloaded package does not have the checksum that the project lists.',
    next: `Make the list of checksums again (pip-compile, poetry lock or uv lock). ${PUSH}`,
  },
  {
    id: 'python-lost-version',
    pattern:
      /No matching distribution found for ([^\s(]+)|no version of (\S+)|([\w.-]+) was not found in the (?:package )?registry|there are no versions of ([\w.-]+)/,
    culprit: 'app',
    sentence: 'The Python index has no such package, or not in this version: $1$2$3$4.',
    next: `Correct the name or the version. ${PUSH}`,
  },
  {
    id: 'python-platform',
    pattern: /Because (\S+?)(?:==\S+)? has no wheels with a matching platform tag/,
    culprit: 'app',
    sentence: 'The package $1 does not exist for Linux.',
    next: `Remove it, or add a condition to its line: $1 ; sys_platform == "win32". ${PUSH}`,
  },
  {
    id: 'python-conflict',
    pattern:
      /ResolutionImpossible|No solution found when resolving dependencies[^]*(?:conflict|incompatible|unsatisfiable)/,
    culprit: 'app',
    sentence: 'The listed versions of packages exclude each other.',
    next: `Change one of the versions that the lines above name. ${PUSH}`,
  },
  {
    id: 'requirement-syntax',
    pattern:
      /Invalid requirement: ['"]?([^'"\n]+)|Unexpected '([^'\n]+)', expected '-c'|Couldn't parse requirement|Unsupported requirement|Expected one of `@`/,
    culprit: 'app',
    sentence: 'A line of the requirements cannot be read: $1$2.',
    next: `Write one package a line, as pip does: name==1.0 (conda list --export has another format). ${PUSH}`,
  },
  {
    id: 'no-requirements',
    pattern:
      /Could not open requirements file|File not found: `?([^`\s]*requirements[^`\s]*)`?|No such file or directory: '([^']*requirements[^']*)'/,
    culprit: 'app',
    sentence: 'A command needs a requirements file that is not in the upload.',
    next: `Add requirements.txt to the folder of the micro, or correct the command. ${PUSH}`,
  },
  {
    id: 'removed-from-python',
    pattern:
      /No module named '(distutils|imp|pkg_resources|asyncore|cgi)'|module 'pkgutil' has no attribute '(ImpImporter)'|use_2to3 is invalid/,
    culprit: 'app',
    sentence:
      'A package is too old for this Python: it needs a part that Python or setuptools has removed ($1$2).',
    next: `List a newer version of the package, or choose an older engine (python3.9). ${PUSH}`,
  },
  {
    id: 'python-syntax',
    pattern:
      /SyntaxError: (?:invalid syntax|f-string|expected ':'|Missing parentheses in call to 'print')|\.py", line \d+\n[^]*(?:SyntaxError|IndentationError|TabError): |match \w+:\s*\n\s*\^/,
    culprit: 'app',
    sentence: 'The code has a syntax error, or uses syntax of another version of Python.',
    next: `Correct the place above, or choose another engine (python3.9 to python3.13). ${PUSH}`,
  },
]

/** After what tools and libraries lack, which is why a package could not be built. */
export const PYTHON_GENERAL: readonly Cause[] = [
  {
    id: 'failed-wheel',
    pattern:
      /Failed building wheel for ([\w.-]+)|Failed to build `([^`]+)`|Could not build wheels for ([\w.-]+)|metadata-generation-failed/,
    culprit: 'app',
    sentence: 'The package $1$2$3 has no compiled version for this Python and could not be built.',
    next: `List a newer version, or choose the engine of its time (for example python3.9). ${PUSH}`,
  },
  {
    id: 'import-failed',
    pattern: /ImportError: cannot import name '(\w+)' from '([\w.]+)'/,
    culprit: 'app',
    sentence: '`$2` is installed in a version that has no `$1`.',
    next: `Pin the version that the app was written for, or install the versions of that time: put exclude-newer = "2023-06-01" under [tool.uv] in pyproject.toml. ${PUSH}`,
  },
  {
    id: 'python-module',
    pattern: /ModuleNotFoundError: No module named '([\w.]+)'/,
    culprit: 'app',
    sentence: 'The Python module `$1` is not installed.',
    next: `Add its package to requirements.txt. ${PUSH}`,
  },
  {
    id: 'python-program',
    pattern:
      /(?:^|: )(flask|streamlit|uvicorn|gunicorn|hypercorn|daphne|waitress-serve|django-admin|celery|alembic|sanic|chainlit|mkdocs|pelican|jupyter|panel|fastapi): (?:command )?not found/m,
    culprit: 'app',
    sentence: 'The app calls `$1`, whose package is not installed.',
    next: `Add the package to requirements.txt. ${PUSH}`,
  },
  {
    id: 'externally-managed',
    pattern: /externally-managed-environment/,
    culprit: 'app',
    sentence: 'A command installs Python packages into the system, which a build cannot change.',
    next: `Use the engine python3.11, which installs requirements.txt, or install into the micro: pip install --target . <package>. ${PUSH}`,
  },
]
