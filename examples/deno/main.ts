import ms from 'npm:ms@2.1.3'

const about: string = `deno ${Deno.version.deno}, a day has ${ms('1d')} ms`

Deno.serve({ port: Number(Deno.env.get('PORT')) }, () => new Response(about))
