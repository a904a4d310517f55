import { SERVER_FLAGS, type ServerFlag } from '../../config/index.ts'
import { type Inputs, defineCommand, text } from '../command.ts'

const input = Object.fromEntries(
  Object.entries(SERVER_FLAGS).map(([name, { help }]) => [name, text('value', help)]),
) satisfies Inputs as Record<ServerFlag, ReturnType<typeof text>>

/** Starts the server in the foreground. The flags are the server's own; here they are only named for the help. */
export const serve = defineCommand({
  name: 'serve',
  summary: 'Run the server',
  input,
  async run(_, values) {
    const server = await import('../../main.ts')
    await server.serve(Object.entries(values).flatMap(([name, value]) => (value ? [`--${name}`, value] : [])))
  },
})
