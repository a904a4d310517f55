/** Where a Python micro's packages are, below its folder. A plain folder: unlike a virtual environment it can move. */
export const PYTHON_PACKAGES = '.python_packages'
