/** Small apps, each one file for bun, which every sandbox has. */
export const APPS = {
  echo: `Bun.serve({ port: Number(process.env.PORT), fetch: () => Response.json({ pid: process.pid, env: process.env }) })
    console.log('listening'); console.error('a warning')`,
  /** Listens on the address in the environment. */
  hosted: `Bun.serve({ port: Number(process.env.PORT), hostname: process.env.WHERE, fetch: () => new Response('hosted') })`,
  crashing: `console.log('about to fail'); throw new Error('the database is missing')`,
  elsewhere: `Bun.serve({ port: 3000, fetch: () => new Response() })`,
  silent: `setInterval(() => {}, 1000)`,
  /** Says goodbye on SIGTERM. */
  polite: `process.on('SIGTERM', () => { console.log('goodbye'); process.exit(0) })
    Bun.serve({ port: Number(process.env.PORT), fetch: () => new Response() })`,
  stubborn: `process.on('SIGTERM', () => {}); Bun.serve({ port: Number(process.env.PORT), fetch: () => new Response() })`,
  /** Ends when asked. */
  mortal: `Bun.serve({ port: Number(process.env.PORT), fetch: () => { setTimeout(() => process.exit(7)); return new Response() } })`,
} as const
