/** Debian's chromium, driven as a person would: one fresh profile for each test. */
import { existsSync } from 'node:fs'
import { type Browser, chromium } from 'playwright-core'

const EXECUTABLE = '/usr/bin/chromium'

/** Why there is no browser test on this machine, or null. */
export const missingBrowser = existsSync(EXECUTABLE)
  ? null
  : `${EXECUTABLE} is not installed; run scripts/install-debian.sh`

/** `domain`: a name that, with all names below it, leads to this machine. */
export function launchBrowser(domain?: string): Promise<Browser> {
  const rules = `MAP ${domain} 127.0.0.1, MAP *.${domain} 127.0.0.1`
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
      ...(domain === undefined ? [] : [`--host-resolver-rules=${rules}`]),
    ],
  })
}
