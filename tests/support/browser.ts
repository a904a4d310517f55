/** Debian's chromium, driven as a person would: one fresh profile for each test. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const EXECUTABLE = '/usr/bin/chromium'

/** Why there is no browser test on this machine, or null. */
export const missingBrowser = existsSync(EXECUTABLE)
  ? null
  : `${EXECUTABLE} is not installed; run scripts/install-debian.sh`

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: EXECUTABLE,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}
