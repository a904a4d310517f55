/** What every router of the comparison serves: a handler per route, which says its number and nothing else. */
export const { routes, prefixes, folder } = JSON.parse(process.argv[2])

/** As the route is written, and as a browser sends it: routers differ in which of the two they compare. */
export const spellings = (route) => [...new Set([route, encodeURI(route)])]

/** Tells the test where to ask. */
export const listening = (server) => console.log(server.address().port)

export const answer = (response, number) => {
  response.setHeader('x-handler', String(number))
  response.end('x')
}
