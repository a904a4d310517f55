/** Where a Python micro's packages are, below its folder. A plain folder: unlike a virtual environment it can move. */
export const PYTHON_PACKAGES = '.python_packages'
/** What this server adds, a web server: later on Python's path, so that no version of it replaces one of the app. */
export const PYTHON_SERVER = '.python_server'
/** A Python of its own, where the machine lacks the version that the engine names. */
export const PYTHON_RUNTIME = '.python_runtime'
