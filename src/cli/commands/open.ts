import { connectToInstance } from '../apps.ts'
import { openInBrowser } from '../browser.ts'
import { printJson } from '../context.ts'
import { defineCommand, flag, jsonInput, optional, serverInput } from '../command.ts'
import { printable } from '../printable.ts'

/** Opens an app in the browser; without a browser, or with `--print`, prints the address. */
export const open = defineCommand({
  name: 'open',
  summary: 'Open an app in the browser',
  input: {
    app: optional('name, alias or id; default: the app of this folder'),
    print: flag('print the address instead of opening it'),
    server: serverInput,
    json: jsonInput,
  },
  async run(cli, input) {
    const { url } = (await connectToInstance(cli, input)).instance
    if (input.json) return printJson(cli, { url })
    if (input.print || !openInBrowser(cli, url)) cli.out.line(printable(url))
  },
})
