/** Where the app's folder is mounted inside the sandbox. */
export const APP_DIR = '/app'
