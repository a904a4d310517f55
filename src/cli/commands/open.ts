import { requireInstance } from '../apps.ts'
import { openInBrowser } from '../browser.ts'
import { printJson } from '../cli.ts'
import { defineCommand, flag, jsonInput, optional, serverInput } from '../command.ts'
import { printable } from '../printable.ts'
import { connectAsUser } from '../session.ts'

/** Opens an app in the browser; without one to open, or with `--print`, the address is the result. */
export const open = defineCommand({
  name: 'open',
  summary: 'Open an app in the browser',
  input: {
    app: optional('name, alias or id; the app of this folder when left out'),
    print: flag('print the address instead'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const connection = await connectAsUser(cli, input.server)
    const { url } = await requireInstance(cli, connection, input.app)
    if (input.json) return printJson(cli, { url })
    if (input.print || !openInBrowser(cli, url)) cli.out.line(printable(url))
  },
})
