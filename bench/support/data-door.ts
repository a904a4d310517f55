/** A call of Base as a gateway forwards it to data.sock, for `fetch('http://data/', …)`. */
export function viaDoor({ socket, key }: { socket: string; key: string }, path: string) {
  const headers = {
    'x-space-gateway-service': 'base',
    'x-space-gateway-target': `/v1/${key.split('_', 1)[0]}/items${path}`,
    'x-api-key': key,
  }
  return { unix: socket, headers }
}
